import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sha256 } from '@tracecal/core/platform';
import { parseTrust, trustFingerprint, trustedRoots, verifyBundle } from '@tracecal/gateway-client/proof/verify';
import { builtPage } from '../../support/builtPage.js';
import { Chromium, findChromium } from '../../support/chromium.js';
import type { Tab } from '../../support/chromium.js';
import { goldenBundle, goldenTrust } from '../../support/goldenBundle.js';
import { loggedBundle } from '../../support/loggedBundle.js';
import { serve } from '../../support/staticSite.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const SENSOR = 'oem-b/sensor-b';
const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>';

/** What a reader sees, as one line. */
const SEEN = "document.querySelector('main').innerText.replaceAll(/\\s+/g, ' ')";

describe('The page that checks a bundle', function () {
  this.timeout(240_000);
  let browser: Chromium;
  /** With the network off. */
  let tab: Tab;
  let page: string;
  let folder: string;
  let bundle: string;
  let trust: string;

  before(async function () {
    page = builtPage();
    const program = findChromium();
    if (program === undefined) {
      console.warn('    skipped: no Chromium is on PATH (chromium, chromium-browser or google-chrome).');
      this.skip();
    }
    folder = temporaryFolder();
    bundle = file('sensor.bundle.json', await goldenBundle(SENSOR));
    trust = file('trust.json', await goldenTrust(SENSOR));
    browser = await Chromium.start(program);
    tab = await browser.open();
    await tab.goOffline();
  });

  after(async () => {
    await (browser as Chromium | undefined)?.stop();
    removeTemporaryFolders();
  });

  function file(name: string, text: string | Buffer): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  const open = () => tab.goTo(pathToFileURL(page).href);

  /** What the page says when these files are added to what it has. */
  async function given(...files: readonly string[]): Promise<string> {
    return givenTo(tab, ...files);
  }

  async function givenTo(where: Tab, ...files: readonly string[]): Promise<string> {
    await where.choose('#choose', files);
    await where.until("document.querySelector('#choose').files.length === 0");
    await where.until("!document.querySelector('#report').hidden || !document.querySelector('#problem').hidden");
    return where.value<string>(SEEN);
  }

  /** Only the page itself was asked for, and the browser had nothing to complain about. */
  function assertQuiet(where: Tab, requests: number): void {
    const { requests: made, complaints } = where.happened;
    assert.equal(made.length, requests, made.join(' '));
    assert.deepEqual(complaints, []);
  }

  it('says what holds, by whom, as of when, and what was not checked, and asks nobody', async () => {
    await open();
    const seen = await given(bundle, trust);
    const trusted = parseTrust(readFileSync(trust, 'utf8'));
    const {
      verdict,
      notChecked,
      bundle: digest,
    } = await verifyBundle(readFileSync(bundle, 'utf8'), {
      roots: trustedRoots(trusted),
    });
    assert.match(seen, new RegExp(`${verdict.status} ${SENSOR} Every link up to an institute that you trust`));
    assert.ok(seen.includes(verdict.reason), seen);
    assert.match(
      seen,
      /✓ Shown · chain: .* every link up to nmi-south is signed and sound.* By: nmi-south As of: 2026-01-01/,
    );
    for (const tier of ['fresh', 'endorsed', 'recorded']) assert.match(seen, new RegExp(`– Not shown · ${tier}: `));
    assert.match(seen, /no change log was given/);
    for (const open of notChecked) assert.ok(seen.includes(open), open);
    assert.ok(seen.includes(digest) && seen.includes(trustFingerprint(trusted)));
    for (const { device, report } of verdict.edges) {
      assert.ok(seen.includes(`✓ sound: ${device ?? ''} report ${report ?? ''}`), seen);
    }
    assert.equal(
      await tab.value("document.querySelectorAll('.chain > li > ol > li > ol > li > ol > li').length"),
      1,
      'four levels deep',
    );
    assertQuiet(tab, 1);
  });

  it('is FAILED for whoever trusts somebody else', async () => {
    const other = JSON.stringify({
      type: 'tracecal-trust/1',
      roots: [{ name: 'nmi-other', sha256: 'ab'.repeat(32) }],
      heartbeats: { k: 1 },
    });
    await open();
    const seen = await given(bundle, file('other.json', other));
    assert.match(seen, /FAILED oem-b\/sensor-b A link of the chain does not hold/);
  });

  it('asks for what is missing, and takes a file in place of an earlier one', async () => {
    await open();
    await tab.choose('#choose', [bundle]);
    await tab.until("document.querySelector('#status').innerText === 'Give your trust file.'");
    assert.match(await given(trust), /TRACEABLE oem-b\/sensor-b/);
    const drifted = file('drifted.json', await goldenBundle('oem-b/below-drifted'));
    const seen = await given(drifted);
    assert.match(seen, /FAILED oem-b\/below-drifted/);
    assert.match(seen, /is revoked since 2025-08-01T00:00:00Z by lab-beta \(out-of-tolerance\)/);
  });

  it('refuses a file that was changed, and says why in one sentence', async () => {
    const text = readFileSync(bundle, 'utf8');
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const cases: readonly (readonly [name: string, content: string | Buffer, why: RegExp])[] = [
      ['payload', text.replace('"payload":"ey', '"payload":"e!'), /^The .* is not accepted.*\.$/],
      ['text', ` ${text}`, /^The bundle is not canonical JSON: take the file as it was made\.$/],
      ['member', text.replace('{"device"', '{"deviation":1,"device"'), /^The bundle is not accepted: .*\.$/],
      ['version', text.replace('bundle/1', 'bundle/2'), /knows tracecal-bundle\/1\.$/],
      [
        'half',
        text.slice(0, text.length / 2),
        /^The file half is neither a bundle nor a trust file nor a part of a change log/,
      ],
      ['nested', nested, /^The file nested is neither/],
      ['deep', text.replace('"records":', `"x":${nested},"records":`).replace('"at":', `"x":${nested},"at":`), /./],
      [
        'bytes',
        Buffer.from([0xff, 0xfe, 0x00]),
        /^The file bytes is no text in UTF-8: take the file as it was made\.$/,
      ],
      [
        'trust',
        '{"type":"tracecal-trust/1","roots":[]}',
        /^The trust file cannot be used: roots: must name at least one/,
      ],
      ['epoch', 'tracecal-log/1 nonsense', /^The file is no epoch of a change log/],
    ];
    await open();
    await tab.choose('#choose', [trust]);
    for (const [name, content, why] of cases) {
      await given(file(name, content));
      const problem = await tab.value<string>("document.querySelector('#problem').innerText");
      assert.match(problem, why, name);
      assert.ok(!problem.includes('\n') && problem.length < 400, problem);
      assert.equal(await tab.value("document.querySelector('#report').hidden"), true, name);
    }
  });

  it('says nothing better of a bundle whose signature was changed', async () => {
    const text = readFileSync(bundle, 'utf8');
    const [, signature = ''] = /"signature":"([\w-]{86})"/.exec(text) ?? [];
    const changed = text.replace(
      signature,
      signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
    );
    await open();
    const seen = await given(file('signature.json', changed), trust);
    assert.doesNotMatch(seen, /TRACEABLE|✓ Shown/);
  });

  it('shows names from a bundle as text', async () => {
    await open();
    const seen = await given(file('hostile.json', await goldenBundle(HOSTILE)), trust);
    assert.ok(seen.includes(`FAILED ${HOSTILE}`), seen);
    assert.equal(await tab.value("document.querySelectorAll('img, #report script').length"), 0);
    assertQuiet(tab, 1);
  });

  it('is used with the keyboard alone, and every field has a name', async () => {
    await open();
    await given(bundle, trust);
    const nameless = `[...document.querySelectorAll('input, button')].filter((each) =>
      !(each.labels?.length > 0) && each.innerText.trim() === '').map(({ id }) => id)`;
    assert.deepEqual(await tab.value(nameless), []);
    const reached: string[] = [];
    for (let place = 0; place < 12; place += 1) {
      await tab.press('Tab');
      reached.push(await tab.value<string>('document.activeElement.id || document.activeElement.tagName'));
    }
    assert.ok(
      reached.includes('choose') && reached.includes('BUTTON') && reached.includes('SUMMARY'),
      reached.join(' '),
    );
    await tab.value("document.querySelector('.chain summary').focus()");
    await tab.press('Enter');
    assert.equal(await tab.value("document.querySelector('.chain details').open"), false);
  });

  it('prints the whole chain, also what was folded, and nothing of the form', async () => {
    await open();
    await given(bundle, trust);
    await tab.value("document.querySelectorAll('#report details').forEach((each) => (each.open = false))");
    await tab.value(
      "addEventListener('beforeprint', () => { window.folded = document.querySelectorAll('#report details:not([open])').length })",
    );
    const pdf = await tab.print();
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    assert.ok(pdf.length > 10_000);
    assert.equal(await tab.value('window.folded'), 0);
    await tab.showAs('print');
    const seen = await tab.value<string>(SEEN);
    await tab.showAs('screen');
    assert.match(seen, /TRACEABLE oem-b\/sensor-b/);
    assert.doesNotMatch(seen, /Choose files|Print/);
  });

  it('finds nothing that has changed by a change log in files', async () => {
    const { bundle: made, trust: own, log } = await loggedBundle();
    await open();
    await tab.value("document.querySelector('#hours').value = '87600'");
    const epochs = log.epochs.map((text, epoch) => file(`epoch-${epoch}`, text ?? ''));
    const seen = await given(file('a.json', made), file('own.json', own), file('head.json', log.headText), ...epochs);
    assert.match(seen, /✓ Shown · fresh: .*nothing that this verdict rests on is named/, seen);
    assert.match(seen, /By: nmi-\w+, nmi-\w+ As of: /);
    assert.match(seen, /whether this device's clock is right/);
    assert.match(
      await given(file('cut', log.epochs.at(-1)!.replace(/\n.*\n/, '\n'))),
      /something was changed or cut out/,
    );
  });

  describe('on a web site', () => {
    let site: Awaited<ReturnType<typeof serve>>;
    let public_: string;
    let digest: string;

    before(async () => {
      public_ = temporaryFolder();
      cpSync(page, join(public_, 'index.html'));
      const text = readFileSync(bundle, 'utf8');
      digest = sha256(text);
      mkdirSync(join(public_, 'bundles'));
      writeFileSync(join(public_, 'bundles', `${digest}.json`), text);
      writeFileSync(join(public_, 'bundles', `${'0'.repeat(64)}.json`), text);
      cpSync(trust, join(public_, 'trust.json'));
      site = await serve(public_);
    });

    after(() => site.stop());

    it('loads the bundle that the address names, and no other text in its place', async () => {
      const tab = await browser.open();
      await tab.goTo(`${site.url}#${digest}`);
      await tab.until("document.querySelector('#taken').innerText.includes('Bundle')");
      assert.match(await givenTo(tab, trust), /TRACEABLE oem-b\/sensor-b/);
      assert.match(await tab.value<string>(SEEN), /whether this page is what its makers published: it came from http:/);
      const { requests } = tab.happened;
      assert.deepEqual(
        requests.filter((url) => !url.startsWith(site.url)),
        [],
      );
      for (const [link, why] of [
        ['0'.repeat(64), /gave another file than the link names/],
        ['1'.repeat(64), /does not have the bundle that the link names/],
      ] as const) {
        await tab.value(`location.hash = '${link}'`);
        await tab.until("!document.querySelector('#problem').hidden");
        assert.match(await tab.value<string>("document.querySelector('#problem').innerText"), why);
        await tab.value("document.querySelector('#problem').hidden = true");
      }
    });

    it("takes the site's own trust file only from a reader who has compared its fingerprint", async () => {
      const tab = await browser.open();
      await tab.goTo(`${site.url}#${digest}`);
      await tab.until("!document.querySelector('#offer').hidden");
      await tab.until("document.querySelector('#status').innerText === 'Give your trust file.'");
      const seen = await tab.value<string>(SEEN);
      assert.ok(seen.includes(trustFingerprint(parseTrust(readFileSync(trust, 'utf8')))));
      assert.match(seen, /Whoever publishes a false proof can publish a trust file that believes it/);
      await tab.value("document.querySelector('#accept').click()");
      assert.equal(await tab.value("document.querySelector('#report').hidden"), true);
      await tab.value("document.querySelector('#compared').focus()");
      await tab.press(' ');
      await tab.value("document.querySelector('#accept').focus()");
      await tab.press('Enter');
      await tab.until("!document.querySelector('#report').hidden");
      assert.match(await tab.value<string>(SEEN), /you said that you compared its fingerprint/);
    });

    it('as a saved file cannot load a bundle, and says what to do', async () => {
      const tab = await browser.open();
      await tab.goTo(`${pathToFileURL(page).href}#${digest}`);
      await tab.until("!document.querySelector('#problem').hidden");
      assert.match(await tab.value<string>(SEEN), /is a file on your device.*: choose the bundle yourself\./);
      assertQuiet(tab, 1);
    });
  });
});
