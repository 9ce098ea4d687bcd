import type { Endpoint } from './deployment.js';

/** A program for Node that ends with 0 if something listens. */
export function listeningProbe({ host, port }: Endpoint): string {
  return `require('node:net').connect(${port},'${host}').once('connect',()=>process.exit(0)).once('error',()=>process.exit(1))`;
}

/** The same for a container with bash alone. A peer listens once it has opened its ledgers. */
export function answersBash({ host, port }: Endpoint): readonly string[] {
  return ['CMD', 'bash', '-c', `exec 3<>/dev/tcp/${host}/${port}`];
}
