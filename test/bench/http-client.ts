import { connect, type Socket } from 'node:net';

/** One keep-alive connection, one request at a time: node:http's client costs more than the servers measured here. */
export interface Connection {
  /** Sends a whole request as it stands and answers status and body. Rejects when the connection breaks. */
  exchange(request: string): Promise<Answer>;
  close(): void;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Connects to a port of 127.0.0.1. */
export function openConnection(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(connectionOn(socket));
    });
  });
}

function connectionOn(socket: Socket): Connection {
  let received = '';
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null;
  socket.setEncoding('latin1');
  socket.on('data', (text) => {
    received = received === '' ? String(text) : received + String(text);
    const answer = readAnswer(received);
    if (!answer) return;
    received = '';
    const { resolve } = waiting ?? {};
    waiting = null;
    resolve?.(answer);
  });
  const onEnd = (): void => {
    waiting?.reject(new Error('the server closed a connection'));
    waiting = null;
  };
  socket.on('error', onEnd).on('close', onEnd);
  return {
    exchange: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request, 'latin1');
      }),
    close: () => socket.destroy(),
  };
}

const lengthHeader = /\r\ncontent-length: *(\d+)\r\n/i;
const chunkedHeader = /\r\ntransfer-encoding: *chunked\r\n/i;
const lastChunk = '\r\n0\r\n\r\n';

/** The response in these bytes, one character each, or null while some are missing. Chunks are left as they came. */
export function readAnswer(text: string): Answer | null {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = text.slice(0, headEnd + 2);
  const bodyStart = headEnd + 4;
  const length = lengthHeader.exec(head)?.[1];
  const complete =
    length === undefined
      ? chunkedHeader.test(head) && text.endsWith(lastChunk)
      : text.length - bodyStart >= Number(length);
  return complete ? { status: Number(head.slice(9, 12)), body: text.slice(bodyStart) } : null;
}
