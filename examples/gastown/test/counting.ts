import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands before a port and counts what clients send to it. */
export class Counting {
  connections = 0;
  bytes = 0;

  private constructor(
    private readonly server: Server,
    private readonly sockets: Set<Socket>,
  ) {}

  static async before(host: string, port: number): Promise<Counting> {
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      counting.connections++;
      const there = connect(port, host);
      for (const socket of [client, there]) {
        sockets.add(socket);
        socket.setNoDelay().on('error', () => undefined);
        socket.on('close', () => {
          sockets.delete(socket);
          client.destroy();
          there.destroy();
        });
      }
      client.on('data', (sent) => (counting.bytes += sent.length));
      client.pipe(there);
      there.pipe(client);
    });
    const counting = new Counting(server, sockets);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return counting;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.sockets.forEach((socket) => socket.destroy());
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
