// One-way UDP, measured. `receive PORT`: counts different datagrams until its input ends. `send ADDRESS PORT RATE SECONDS BYTES`: sends
// numbered ones at a rate. Each prints one JSON document at its end.
import { createSocket } from 'node:dgram';

const NUMBER_BYTES = 4;

function receive(port: number): void {
  const seen = new Set<number>();
  const socket = createSocket('udp4');
  socket.on('message', (message) => seen.add(message.readUInt32BE(0)));
  socket.bind(port, '0.0.0.0', () => process.stdout.write('ready\n'));
  process.stdin.resume().on('end', () => {
    process.stdout.write(`${JSON.stringify({ received: seen.size })}\n`, () => process.exit(0));
  });
}

async function send(address: string, port: number, rate: number, seconds: number, bytes: number): Promise<void> {
  const socket = createSocket('udp4');
  const total = rate * seconds;
  const begin = performance.now();
  let sent = 0;
  let refused = 0;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * rate));
    const batch = [];
    for (; sent < due; sent += 1) {
      const datagram = Buffer.alloc(Math.max(bytes, NUMBER_BYTES));
      datagram.writeUInt32BE(sent, 0);
      batch.push(
        new Promise<void>((resolve) => {
          socket.send(datagram, port, address, (error) => {
            if (error !== null) refused += 1;
            resolve();
          });
        }),
      );
    }
    await Promise.all(batch);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const lasted = (performance.now() - begin) / 1000;
  socket.close();
  process.stdout.write(`${JSON.stringify({ sent, refused, perSecond: Math.round(sent / lasted) })}\n`);
}

const [mode, ...args] = process.argv.slice(2);
if (mode === 'receive') {
  receive(Number(args[0]));
} else {
  const [address = '', ...numbers] = args;
  const [port = 0, rate = 0, seconds = 0, bytes = 0] = numbers.map(Number);
  void send(address, port, rate, seconds, bytes);
}
