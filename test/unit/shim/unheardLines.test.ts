import assert from 'node:assert/strict';
import { newLogger } from 'fabric-shim';
import * as sinon from 'sinon';
import { dropUnheardLines } from '@tracecal/chaincode/shim';

describe('Log lines of the shim', () => {
  it('cost nothing below the level that is set, and are printed from it on', () => {
    dropUnheardLines();
    const logger = newLogger('lib/handler.js') as unknown as {
      level: string;
      format: { transform(info: object): unknown };
      debug(text: string): void;
      error(text: string): void;
    };
    const { level } = logger;
    const formatted = sinon.stub(logger.format, 'transform').returns(false);
    try {
      logger.level = 'warn';
      logger.debug('of every call');
      assert.equal(formatted.callCount, 0);
      logger.error('of a fault');
      assert.equal(formatted.callCount, 1);
      logger.level = 'debug';
      logger.debug('asked for');
      assert.equal(formatted.callCount, 2);
    } finally {
      formatted.restore();
      logger.level = level;
    }
  });
});
