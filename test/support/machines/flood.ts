// Floods an address from a machine: UDP to every port, and TCP connections to the first, which never say anything. Ends with its input.
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';

const [address = '', ...ports] = process.argv.slice(2);
const DATAGRAM = Buffer.alloc(64);
const BATCH = 64;
const MOST_OPEN = 200;

let sent = 0;
let opened = 0;
let isOver = false;

function datagrams(): void {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  const batch = (): void => {
    if (isOver) return;
    let left = BATCH;
    const done = (): void => {
      sent += 1;
      left -= 1;
      if (left === 0) setImmediate(batch);
    };
    for (let index = 0; index < BATCH; index += 1) {
      socket.send(DATAGRAM, Number(ports[index % ports.length]), address, done);
    }
  };
  socket.bind(0, batch);
}

function connections(): void {
  const open: Socket[] = [];
  const more = (): void => {
    if (isOver) return;
    const socket = connect({ host: address, port: Number(ports[0]) }, () => (opened += 1));
    socket.on('error', () => undefined);
    open.push(socket);
    if (open.length > MOST_OPEN) open.shift()?.destroy();
    setTimeout(more, 1);
  };
  more();
}

datagrams();
connections();
process.stdin.resume().on('end', () => {
  isOver = true;
  process.stdout.write(`${JSON.stringify({ sent, opened })}\n`, () => process.exit(0));
});
