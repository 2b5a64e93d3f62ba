import type { HttpServer } from '../http/server.js';

/** What a system answers that has no IPv6, or has it switched off. */
const withoutIpv6 = ['EAFNOSUPPORT', 'EADDRNOTAVAIL'];

/** Listens, and answers the base URL. All interfaces are `::`, IPv4 among them; without IPv6 they are `0.0.0.0`. */
export async function listen(
  server: Pick<HttpServer, 'listen'>,
  port: number,
  host: string,
): Promise<string> {
  try {
    return await server.listen(port, host);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (host !== '::' || !withoutIpv6.includes(code)) throw error;
    return server.listen(port, '0.0.0.0');
  }
}
