import assert from 'node:assert/strict';
import { canonicalJson, READER_KEY_TYPE, RegistryError } from '@tracecal/core/model';
import type { Jws, ReaderKey, RegistryErrorCode } from '@tracecal/core/model';
import { openReaderKey, unverifiedReaderKey } from '@tracecal/core/trace';
import { newReaderKey, publicReaderKey } from '@tracecal/gateway-client';
import { AS_OF, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

describe('The key of a reader', () => {
  const officer = 'officer:lab-beta/officer';
  let hierarchy: Hierarchy;
  let registry: string;

  before(async () => {
    hierarchy = await twoCountries();
    registry = hierarchy.registry;
  });

  const content = (changes: Partial<ReaderKey> = {}): ReaderKey => ({
    ...{ type: READER_KEY_TYPE, registry, organisation: 'lab-beta', key: publicReaderKey(newReaderKey()) },
    ...{ date: AS_OF, until: '2040-01-01' },
    ...changes,
  });
  const signed = (changes: Partial<ReaderKey> = {}, by: readonly string[] = [officer]) =>
    hierarchy.signAs(content(changes), by);

  async function refused(jws: Jws, code: RegistryErrorCode, words: RegExp): Promise<void> {
    await assert.rejects(openReaderKey(jws, hierarchy, { asOf: AS_OF }), (error: Error) => {
      assert.ok(error instanceof RegistryError, error.message);
      assert.equal(error.code, code, error.message);
      assert.match(error.message, words);
      return true;
    });
  }

  it('is that of an organisation whose officer signed it, or its own key', async () => {
    const { signer, root, content: told } = await openReaderKey(signed(), hierarchy, { asOf: AS_OF });
    assert.deepEqual([signer, root, told.organisation], [officer, 'nmi-south', 'lab-beta']);
    const own = await openReaderKey(signed({}, ['organisation:lab-beta']), hierarchy, { asOf: AS_OF });
    assert.equal(own.signer, 'organisation:lab-beta');
  });

  it('counts for the roots that are trusted', async () => {
    const { certificateSha256 } = hierarchy.holder('organisation', 'nmi-south');
    assert.ok(await openReaderKey(signed(), hierarchy, { asOf: AS_OF, roots: [certificateSha256] }));
    await assert.rejects(
      openReaderKey(signed(), hierarchy, { asOf: AS_OF, roots: ['0'.repeat(64)] }),
      /NOT_AUTHORISED: .*whose root you do not trust/,
    );
  });

  it('is refused if a stranger signed it, or two did, or somebody changed it', async () => {
    await refused(signed({}, ['officer:lab-alpha/officer']), 'NOT_AUTHORISED', /an officer of lab-beta/);
    await refused(signed({}, ['technician:lab-beta/t-lab-beta']), 'NOT_AUTHORISED', /an officer of lab-beta/);
    await refused(signed({}, [officer, 'officer:lab-alpha/officer']), 'NOT_AUTHORISED', /one signature/);
    await refused(signed({}, [`${officer}=officer:lab-alpha/officer`]), 'SIGNATURE_INVALID', /not validly signed/);
    const other = { ...signed(), payload: Buffer.from(canonicalJson(content())).toString('base64url') };
    await refused(other, 'SIGNATURE_INVALID', /not validly signed/);
    assert.throws(() => unverifiedReaderKey({ ...other, payload: 'e30' }), /INPUT_INVALID/);
  });

  it('is refused for another registry, from the future, after its last day, or of nobody', async () => {
    await refused(signed({ registry: `calibration:${'1'.repeat(64)}` }), 'WRONG_REGISTRY', /registry/);
    await refused(signed({ date: '2039-01-01T00:00:00Z' }), 'TIME_INVALID', /lies ahead/);
    await refused(signed({ until: '2020-01-01' }), 'TIME_INVALID', /ended on 2020-01-01: ask lab-beta/);
    await refused(
      signed({ organisation: 'nobody' }, ['officer:lab-beta/officer']),
      'NOT_FOUND',
      /no organisation nobody/,
    );
  });

  it('counts no more when its organisation is suspended, although it was signed before', async () => {
    const later = await twoCountries();
    const jws = later.signAs(content({ registry: later.registry, date: later.dates.objected }), [officer]);
    const ask = () => openReaderKey(jws, later, { asOf: '2026-06-01T00:00:00Z' });
    assert.ok(await ask());
    later.addStatement('suspension', ['organisation', 'lab-beta'], { reason: 'fraud' });
    await assert.rejects(ask(), /NOT_AUTHORISED/);
  });
});
