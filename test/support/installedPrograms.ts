/** Programs that are run where the packages are installed, as their users write them. */

const PROFILE = 'data/crypto-config/peerOrganizations/oem-a.example/connection-oem-a.json';

/** What a sensor maker writes. */
export const ES_PROGRAM = `
import { connect } from '@tracecal/gateway-client';

const tracecal = await connect('${PROFILE}');
try {
  await tracecal.traceCal('oem-a/sensor-1');
} catch (error) {
  console.log(error.code);
} finally {
  tracecal.close();
}
`;

/** The same in CommonJS; an error from the ES module of the SDK is one of the classes that it got itself. */
export const COMMONJS_PROGRAM = `
const { connect, TraceCalError } = require('@tracecal/gateway-client');

async function main() {
  const tracecal = await connect('${PROFILE}');
  try {
    await tracecal.traceCal('oem-a/sensor-1');
  } catch (error) {
    console.log(error instanceof TraceCalError && error.code);
  } finally {
    tracecal.close();
  }
  const sdk = await import('@tracecal/gateway-client');
  const error = await sdk.connect('nowhere.json').catch((reason) => reason);
  if (!(error instanceof TraceCalError)) throw error;
}

void main();
`;

/** What a compiler has to accept. */
export const TYPED_PROGRAM = `
import { connect, TraceCalError, type TraceQuestion } from '@tracecal/gateway-client';
import { readCertificate, readCertificateFile, type Certificate } from '@tracecal/gateway-client/dcc';
import type { Verdict } from '@tracecal/core/trace';

export async function isTraceable(device: string): Promise<boolean> {
  const question: TraceQuestion = { maxAgeSeconds: 86_400 };
  const tracecal = await connect('${PROFILE}');
  try {
    const verdict: Verdict = await tracecal.traceCal(device, question);
    // @ts-expect-error There is no such status: the types say which there are.
    if (verdict.status === 'MAYBE') return false;
    return verdict.status === 'TRACEABLE';
  } catch (error) {
    if (error instanceof TraceCalError && error.code === 'UNAVAILABLE') return false;
    throw error;
  } finally {
    tracecal.close();
  }
}

export async function read(file: string): Promise<Certificate> {
  return readCertificate(await readCertificateFile(file));
}
`;

/** Asks a peer, which offers it, for two keys, through the shim as a chaincode has it. */
export const SEVERAL_KEYS_PROGRAM = `
const { createRequire } = require('node:module');
const { getStates, listenForOffers } = require('@tracecal/chaincode/shim');

const fromChaincode = createRequire(require.resolve('@tracecal/chaincode/package.json'));
const { ChaincodeMessageHandler } = fromChaincode('fabric-shim/lib/handler.js');
const Stub = fromChaincode('fabric-shim/lib/stub.js');
const { peer } = createRequire(fromChaincode.resolve('fabric-shim/lib/handler.js'))('@hyperledger/fabric-protos');

const GET_STATE_MULTIPLE = 25;
const listeners = [];
let messages = 0;
const stream = {
  on: (event, listener) => event === 'data' && listeners.push(listener),
  write: (message) => {
    if (message.getType() !== GET_STATE_MULTIPLE) return;
    messages += 1;
    answer(peer.ChaincodeMessage.Type.RESPONSE, 'CgF4CgF5', message);
  },
};
function answer(type, payload, about = new peer.ChaincodeMessage()) {
  const message = new peer.ChaincodeMessage();
  message.setType(type);
  message.setPayload(Buffer.from(payload, 'base64'));
  message.setTxid(about.getTxid());
  message.setChannelId(about.getChannelId());
  listeners.forEach((listener) => listener(message));
}

async function main() {
  listenForOffers();
  const handler = new ChaincodeMessageHandler(stream, {});
  handler.chat(new peer.ChaincodeMessage());
  answer(peer.ChaincodeMessage.Type.REGISTERED, '');
  answer(peer.ChaincodeMessage.Type.READY, 'CAEQ6AcYASDoBw==');
  const stub = Object.assign(Object.create(Stub.prototype), { handler, channel_id: 'calibration', txId: 'tx-1' });
  const values = await getStates(stub, ['a', 'b']);
  console.log(messages, values.map((value) => Buffer.from(value).toString()).join());
}

void main();
`;
