import assert from 'node:assert/strict';
import { DccError, describedPaper, outsideParent, paperParentOf, readPaperParent } from '@tracecal/gateway-client/dcc';
import { draftParent } from '../../support/draftParent.js';

const DIGEST = 'ab'.repeat(32);
const FACTS =
  'laboratory=PTB,number=1234-24,date=2024-05-02,kind=temperature,from=0,to=100,unit=\\degreecelsius,U=0.02,k=2';

describe('a parent that is not registered', () => {
  it('is a certificate on paper where the certificate says so', () => {
    assert.deepEqual(outsideParent(draftParent({ number: 'PTB 12345', procedure: 'analogue', serial: '17' })), {
      kind: 'paper',
      certificate: 'PTB 12345',
      laboratory: '',
      equipment: 'Pt25, serial 17',
      results: [],
    });
  });

  it('is a file elsewhere, with the digest that the certificate states', () => {
    assert.deepEqual(outsideParent(draftParent({ number: 'PTB 12345', procedure: 'SHA256', value: DIGEST })), {
      kind: 'external',
      certificate: 'PTB 12345',
      digest: { algorithm: 'SHA-256', value: DIGEST },
      equipment: 'Pt25',
    });
  });

  it('has a name that the registry accepts, whatever the certificate calls it', () => {
    const named = (number: string | null) => outsideParent(draftParent({ number })).certificate;
    assert.equal(named(' PTB\u0007\n12345 '), 'PTB 12345');
    assert.equal(named('x'.repeat(1000)), 'x'.repeat(200));
    assert.equal(named(' '), 'not named');
    assert.equal(named(null), 'not named');
    assert.equal(outsideParent(draftParent({ certificate: null })).certificate, 'not named');
  });

  it('on paper is refused in plain words, naming the fact', () => {
    const good = { laboratory: 'PTB', number: '1', date: '2024-05-02', kind: 'mass' };
    const fact = (name: string, written: string) => () =>
      readPaperParent(
        Object.entries({ ...good, [name]: written })
          .map((pair) => pair.join('='))
          .join(','),
      );
    for (const [read, why] of [
      [fact('U', '0'), /U must be greater than 0$/],
      [fact('U', 'small'), /U must be a number, not "small"/],
      [fact('k', '0.5'), /k must be at least 1$/],
      [fact('p', '95'), /p must be at most 1: 95 % is 0\.95$/],
      [fact('unit', 'g'), /unit must be a D-SI unit like \\degreecelsius or \\kilo\\gram$/],
      [fact('date', '2.5.2024'), /date must be written YYYY-MM-DD$/],
      [fact('kind', 'mas'), /kind: no kind of quantity is called "mas": do you mean mass/],
      [() => readPaperParent('laboratory=PTB,date=2024-05-02'), /number is missing$/],
    ] as const) {
      assert.throws(
        read,
        (error) => error instanceof DccError && error.code === 'PAPER_INVALID' && why.test(error.message),
      );
    }
    assert.equal(fact('kind', 'own:wobble')().kind, 'wobble');
  });

  it('on paper certifies what its transcriber describes, and nothing without kind, range, U and k', () => {
    const uncertainty = { expanded: 0.02, coverageFactor: 2, coverageProbability: null };
    const described = outsideParent(draftParent({ number: 'X', paper: readPaperParent(FACTS) }));
    const first = { quantity: 'temperature', unit: '\\degreecelsius', min: 0, max: 100, uncertainty };
    assert.deepEqual(described.kind === 'paper' && described.results, [first]);
    const more = [{ kind: 'mass', unit: '\\kilogram', from: 1, to: 2, U: 0.1, k: 2, p: 0.95 }];
    const several = describedPaper(paperParentOf({ ...readPaperParent(`${FACTS},serial=17`), results: more }));
    const second = { expanded: 0.1, coverageFactor: 2, coverageProbability: 0.95 };
    assert.deepEqual(several, {
      kind: 'paper',
      certificate: '1234-24',
      laboratory: 'PTB',
      equipment: '',
      serial: '17',
      date: '2024-05-02',
      results: [first, { quantity: 'mass', unit: '\\kilogram', min: 1, max: 2, uncertainty: second }],
    });
    const named = describedPaper(readPaperParent(FACTS.replace(',k=2', '')));
    assert.deepEqual(named.kind === 'paper' && [named.certificate, named.results], ['1234-24', []]);
  });
});
