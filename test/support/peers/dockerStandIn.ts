import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

/**
 * Stands in for `docker` of the suite of Fabric Gateway. The network runs already, with its channel and its chaincodes, so what would make
 * them does nothing. On real Fabric a peer is stopped and started by signals to its process; in one process that is not possible.
 */
function program(runDir: string): string {
  return `#!${process.execPath}
const { existsSync, readFileSync } = require('node:fs');
const [command, name] = process.argv.slice(2);
const words = process.argv.join(' ');
const labels = ['basicv1.0.0', 'privatev1.0.0', 'errorsv1.0.0'];
if (words.includes('queryinstalled')) labels.forEach((label) => console.log('Package ID: x, Label: ' + label));
else if (words.includes('querycommitted')) console.log('Version: 1.0.0, Sequence: 1, ');
else if (command === 'stop' || command === 'start') {
  const file = ${JSON.stringify(runDir)} + '/' + name + '.json';
  if (!existsSync(file)) {
    console.error('a peer of the embedded network cannot be stopped alone');
    process.exit(1);
  }
  process.kill(JSON.parse(readFileSync(file, 'utf8')).pid, command === 'stop' ? 'SIGSTOP' : 'SIGCONT');
}
`;
}

/** Writes the stand-in. @returns The folder for PATH. */
export function dockerStandIn(folder: string, runDir: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'docker'), program(runDir), { mode: 0o755 });
  return bin;
}

/** Answers on the ports on which the suite asks for the health of the peers. */
export async function healthOf(ports: readonly number[]): Promise<{ close(): void }> {
  const servers = await Promise.all(ports.map(listening));
  return {
    close: () => {
      for (const server of servers) server.close().closeAllConnections();
    },
  };
}

function listening(port: number): Promise<Server> {
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ status: 'OK', time: new Date().toISOString() }));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}
