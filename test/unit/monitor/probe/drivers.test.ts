import { ModbusProbe, MqttProbe, ProbeFailed, ScpiProbe, Turns } from '@tracecal/monitor';
import type { ModbusPlace, Probe, ProbeFailure } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { LocalBroker } from '../../../support/instruments/localBroker.js';
import { ModbusInstrument } from '../../../support/instruments/modbusInstrument.js';
import { refused } from '../../../support/instruments/refused.js';
import { ScpiInstrument } from '../../../support/instruments/scpiInstrument.js';

const SHORT = { timeoutMs: 150 };

async function fails(probe: Probe, failure: ProbeFailure, says: RegExp): Promise<void> {
  await assert.rejects(probe.read(), (error) => {
    assert.ok(error instanceof ProbeFailed, String(error));
    assert.deepEqual([error.failure, says.test(error.message)], [failure, true], error.message);
    assert.match(error.message, /^[^\n]+\.$/);
    return true;
  });
}

describe('A probe over an SCPI socket', () => {
  let instrument: ScpiInstrument;
  afterEach(() => instrument.stop());

  it('asks one query and reads a value', async () => {
    instrument = await ScpiInstrument.start((line) =>
      line === 'MEAS:VOLT:DC? 10,(@101)' ? '+1.2345E-01\r\n' : undefined,
    );
    const answer = await new ScpiProbe(instrument.endpoint, 'MEAS:VOLT:DC? 10,(@101)').read();
    assert.deepEqual([answer.value, answer.answered], [0.12345, '+1.2345E-01']);
    assert.equal(instrument.received, 'MEAS:VOLT:DC? 10,(@101)\n');
  });

  it('refuses whatever else, before a byte leaves', async () => {
    instrument = await ScpiInstrument.start(() => '1\n');
    const { endpoint } = instrument;
    const queries = [
      '*RST',
      '*RST?',
      '*CLS',
      '*TST?',
      '*CAL?',
      'CAL?',
      'READ',
      'MEAS:VOLT',
      'READ?;*RST',
      'READ?\n*RST',
      'READ?\n',
      'READ?\r',
      'MEAS:VOLT? 1\n*RST',
      'MEAS:VOLT? 1;*RST',
      'MEAS:VOLT? "x"',
      'CONF:VOLT:DC',
      'SOUR:VOLT 1',
      'SYST:ERR?;SYST:PRES',
      'SYST:PRES',
      'OUTP ON',
      'INIT',
      ' READ?',
      '',
      '\u0000READ?',
      `MEAS:VOLT? ${'1'.repeat(60)}`,
    ];
    for (const query of queries) refused(() => new ScpiProbe(endpoint, query), /A probe does not do SCPI/);
    for (const query of ['*IDN?', 'SYST:ERR?', 'READ?', 'FETC?', 'fetch:temp?']) new ScpiProbe(endpoint, query);
    await new ScpiProbe(endpoint, 'READ?').read();
    assert.deepEqual([instrument.connections, instrument.received], [1, 'READ?\n']);
  });

  it('takes an overload, words, and several values for no value', async () => {
    const answers = ['9.9E37', '9.91E+37', 'OVLD', '1.0,2.0', '', 'NaN', '0x10', '1 2'];
    let next = '';
    instrument = await ScpiInstrument.start(() => `${next}\n`);
    for (next of answers) await fails(new ScpiProbe(instrument.endpoint, 'READ?'), 'unreadable', /is no value/);
  });

  it('ends when no answer comes, when it is too long, and when the instrument hangs up', async () => {
    let act: 'wait' | 'flood' | 'close' = 'wait';
    instrument = await ScpiInstrument.start((_, socket) => {
      if (act === 'close') socket.destroy();
      return act === 'flood' ? '1'.repeat(5000) : undefined;
    });
    const probe = new ScpiProbe(instrument.endpoint, 'READ?', SHORT);
    await fails(probe, 'unanswered', /did not answer within 150 ms/);
    act = 'flood';
    await fails(probe, 'unreadable', /longer than 4096 bytes/);
    act = 'close';
    await fails(probe, 'unreachable', /closed the connection/);
  });

  it('says that nothing listens', async () => {
    instrument = await ScpiInstrument.start(() => '1\n');
    const { endpoint } = instrument;
    await instrument.stop();
    await fails(new ScpiProbe(endpoint, 'READ?'), 'unreachable', /The connection to 127\.0\.0\.1:\d+ failed/);
  });

  it('makes one connection at a time to an instrument, where turns are taken', async () => {
    instrument = await ScpiInstrument.start(() => '7\n');
    const probe = new ScpiProbe(instrument.endpoint, 'READ?');
    const turns = new Turns();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => turns.take(probe.address, () => probe.read().then(({ value }) => value))),
    );
    assert.deepEqual([answers, instrument.connections, instrument.mostOpen], [[7, 7, 7, 7, 7], 5, 1]);
    await assert.rejects(
      turns.take('x', () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await turns.take('x', () => Promise.resolve(1)), 1);
  });
});

describe('A probe over Modbus TCP', () => {
  let instrument: ModbusInstrument;
  const place: ModbusPlace = { code: 4, register: 10, number: 'int16', scale: 0.01 };
  beforeEach(async () => {
    instrument = await ModbusInstrument.start();
  });
  afterEach(() => instrument.stop());

  const read = async (change: Partial<ModbusPlace>): Promise<number> =>
    (await new ModbusProbe(instrument.endpoint, { ...place, ...change }).read()).value;

  it('reads numbers of each kind, in either order of registers', async () => {
    const words = [0xc1a4, 0x0000, 0, 0];
    words.forEach((word, index) => instrument.registers.set(10 + index, word));
    assert.equal(await read({ number: 'float32', scale: 1 }), -20.5);
    assert.equal(await read({ number: 'uint16', scale: 1, offset: 0.5 }), 0xc1a4 + 0.5);
    assert.equal(await read({}), (0xc1a4 - 0x10000) * 0.01);
    assert.equal(await read({ number: 'uint32', scale: 1 }), 0xc1a40000);
    assert.equal(await read({ number: 'uint32', scale: 1, lastFirst: true }), 0xc1a4);
    assert.equal(await read({ number: 'int32', scale: 1 }), 0xc1a40000 - 2 ** 32);
    const double = Buffer.alloc(8);
    double.writeDoubleBE(1.25e-7);
    [0, 1, 2, 3].forEach((index) => instrument.registers.set(10 + index, double.readUInt16BE(2 * index)));
    assert.equal(await read({ number: 'float64', scale: 1, code: 3 }), 1.25e-7);
  });

  it('reads with function codes 1 to 4 only: others are refused, before a byte leaves', async () => {
    instrument.registers.set(10, 1);
    const { endpoint } = instrument;
    for (const code of [0, 5, 6, 7, 8, 15, 16, 20, 21, 22, 23, 43, 4.5, -1, Number.NaN]) {
      refused(() => new ModbusProbe(endpoint, { ...place, code }), /A probe does not do Modbus function/);
    }
    assert.equal(instrument.connections, 0);
    for (const code of [1, 2]) await read({ code, number: 'bit', scale: 1 });
    for (const code of [3, 4]) await read({ code });
    assert.deepEqual(instrument.asked, [
      'coil 10 of 1',
      'input 10 of 1',
      'holding register 10 of 1',
      'input register 10 of 1',
    ]);
  });

  it('says that the instrument has no such register, and that a number is none', async () => {
    await fails(new ModbusProbe(instrument.endpoint, place), 'refused', /refused the question with exception/);
    instrument.registers.set(10, 0x7fc0).set(11, 0);
    await fails(
      new ModbusProbe(instrument.endpoint, { ...place, number: 'float32' }),
      'unreadable',
      /answered no float32/,
    );
  });

  it('ends when no answer comes, and when answers do not end', async () => {
    let flood = false;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => flood && socket.write(Buffer.alloc(100_000, 1)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    try {
      const probe = new ModbusProbe(endpoint, place, SHORT);
      await fails(probe, 'unanswered', /did not answer/);
      flood = true;
      await fails(probe, 'unreadable', /longer than 4096 bytes/);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('A probe over MQTT', () => {
  let broker: LocalBroker;
  beforeEach(async () => {
    broker = await LocalBroker.start();
  });
  afterEach(() => broker.stop());

  it('reads what an instrument published last, and publishes nothing', async () => {
    await broker.publish('site/t1', '{"value": 21.5, "unit": "C"}', true);
    const answer = await new MqttProbe(broker, { topic: 'site/t1', member: 'value' }).read();
    assert.deepEqual([answer.value, answer.asked], [21.5, 'site/t1']);
    await broker.publish('site/t2', '-3e2', true);
    assert.equal((await new MqttProbe(broker, { topic: 'site/t2' }).read()).value, -300);
    assert.deepEqual(broker.published, []);
  });

  it('waits for the next message where a retained one may be of any age', async () => {
    await broker.publish('site/t1', '1', true);
    const subscribed = broker.subscribed('site/t1');
    const reading = new MqttProbe(broker, { topic: 'site/t1', live: true }).read();
    await subscribed;
    await broker.publish('site/t1', '2');
    assert.equal((await reading).value, 2);
  });

  it('says that nothing was published, that a message holds no value, and that it is too long', async () => {
    await fails(new MqttProbe(broker, { topic: 'site/t1' }, SHORT), 'unanswered', /No answer came/);
    for (const text of ['warm', '{"value": "21"}', '[]', 'null', '{"toString": 1}']) {
      await broker.publish('site/t1', text, true);
      await fails(new MqttProbe(broker, { topic: 'site/t1', member: 'value' }), 'unreadable', /holds no value/);
    }
    await broker.publish('site/t1', ' '.repeat(100_000), true);
    await fails(new MqttProbe(broker, { topic: 'site/t1' }), 'unreadable', /longer than 4096 bytes/);
  });

  it('says that no broker is there, or that it does not let the monitor in', async () => {
    const gone = await LocalBroker.start();
    const probe = new MqttProbe({ url: gone.url }, { topic: 'a' });
    await gone.stop();
    await fails(probe, 'unreachable', /127\.0\.0\.1:\d+ /);
    broker.letNobodyIn();
    const secret = { url: broker.url, username: 'monitor', password: 'secret' };
    await fails(new MqttProbe(secret, { topic: 'a' }), 'unreachable', /^(?!.*secret)The broker .* cannot be used/);
  });

  it('refuses wildcards and other URLs, before it connects, and repeats no password', () => {
    for (const topic of ['site/#', '+/t1', '$SYS/x', '', 'a\u0000']) {
      refused(() => new MqttProbe(broker, { topic }), /is not one topic/);
    }
    const url = 'http://user:secret@127.0.0.1';
    refused(() => new MqttProbe({ url }, { topic: 'a' }), /^(?!.*secret).*mqtt:\/\/HOST:PORT/s);
    assert.equal(broker.connections, 0);
  });
});
