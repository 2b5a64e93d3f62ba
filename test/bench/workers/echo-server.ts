// The bound of everything else: node:http reads a body and answers about as many bytes as Signals would.
import { createServer } from 'node:http';
import { answerJobs } from './answer.js';

answerJobs<'echo-server'>(
  ({ port }) =>
    new Promise((resolve) => {
      const server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const { variables } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
          const body = JSON.stringify({
            data: {
              trackEvent: {
                clientEventId: variables.input.clientEventId,
                status: 'ACCEPTED',
                reason: null,
                retryAfterMs: null,
              },
            },
          });
          response.writeHead(200, {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          });
          response.end(body);
        });
      });
      server.keepAliveTimeout = 600_000;
      server.listen(port, '127.0.0.1', () => resolve(port));
    }),
);
