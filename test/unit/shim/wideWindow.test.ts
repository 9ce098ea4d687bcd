import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { createRequire } from 'node:module';
import { widenWindows } from '@tracecal/chaincode/shim';
import { freePorts } from '@tracecal/network/fabric';
import { eventually } from '../../support/eventually.js';

const shim = createRequire(__filename)('fabric-shim') as {
  server(chaincode: object, options: object): { start(): Promise<void>; readonly _server: { forceShutdown(): void } };
};

describe('The stream between a peer and its chaincode', () => {
  it('takes what many traces read without waiting for one another', async () => {
    widenWindows();
    const [port = 0] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    const chaincode = shim.server({ Init: () => undefined, Invoke: () => undefined }, { ccid: 'registry:1', address });
    await chaincode.start();
    const session = connect(`http://${address}`);
    try {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/protos.Chaincode/Connect',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      stream.on('error', () => undefined);
      await eventually(async () => {
        await Promise.resolve();
        assert.equal(session.remoteSettings.initialWindowSize, 4 * 1024 * 1024);
        assert.equal(session.state.remoteWindowSize, 4 * 1024 * 1024);
      });
    } finally {
      session.destroy();
      chaincode._server.forceShutdown();
    }
  });
});
