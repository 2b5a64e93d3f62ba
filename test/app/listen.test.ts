import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { listen } from '../../src/app/listen.js';

/** A server on a system that has no IPv6; the rest of it is real. */
function withoutIpv6(code: string) {
  const server = createServer((_, response) => response.end('here'));
  return {
    async listen(port: number, host: string): Promise<string> {
      if (host === '::') throw Object.assign(new Error(code), { code });
      await new Promise<void>((resolve) => server.listen(port, host, resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

it.each(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])(
  'all interfaces are 0.0.0.0 where IPv6 fails with %s',
  async (code) => {
    const server = withoutIpv6(code);
    const url = await listen(server, 0, '::');
    expect(await (await fetch(url)).text()).toBe('here');
    await server.close();
  },
);

it('a port that is taken stays an error', async () => {
  await expect(listen(withoutIpv6('EADDRINUSE'), 0, '::')).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('an address that was named is not replaced by another', async () => {
  const server = {
    listen: async (_: number, host: string): Promise<string> => {
      throw Object.assign(new Error(host), { code: 'EADDRNOTAVAIL' });
    },
  };
  await expect(listen(server, 0, '192.0.2.1')).rejects.toThrow('192.0.2.1');
});
