import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { EvidenceAnswer } from '@tracecal/core/contracts';
import { traceOptions } from '@tracecal/core/trace';
import { BUNDLE_TYPE, bundleText, verifyBundle } from '@tracecal/gateway-client/proof/verify';
import { builtPage } from '../support/builtPage.js';
import { Chromium, findChromium } from '../support/chromium.js';
import { twoCountries } from '../support/hierarchy.js';
import { ask, registryOf } from '../support/registry.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';
import { printAlone } from './alone.js';
import { median } from './measure.js';

const ROUNDS = 15;
const LEVELS = 7;
/** Of the chain that {@link twoCountries} has already, below the sensor. */
const THERE = 3;

/**
 * How long the page takes to verify a bundle over seven levels in Chromium, beside the same code on Node, round by round. Times are this
 * machine's; the ratio is what travels.
 *
 *     node --require ./.scripts/quiet.cjs --enable-source-maps test/dist/bench/page.js
 */
export async function pageNumbers(): Promise<readonly string[]> {
  const program = findChromium();
  if (program === undefined) return ['The page was not measured: no Chromium is on PATH.'];
  const { text, roots } = await deepBundle();
  const folder = temporaryFolder();
  const files = [join(folder, 'bundle.json'), join(folder, 'trust.json')] as const;
  writeFileSync(files[0], text);
  const named = roots.map((sha256, place) => ({ name: `root-${place}`, sha256 }));
  writeFileSync(files[1], JSON.stringify({ type: 'tracecal-trust/1', roots: named, heartbeats: { k: 1 } }));
  const page = builtPage();
  const browser = await Chromium.start(program);
  try {
    const tab = await browser.open();
    await tab.goTo(pathToFileURL(page).href);
    const shown = "!document.querySelector('#report').hidden";
    await tab.choose('#choose', files);
    await tab.until(shown);
    const times: { readonly inPage: number; readonly onNode: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await tab.value("document.querySelector('#nonce').dispatchEvent(new Event('change'))");
      await tab.until(shown);
      const inPage = Number(await tab.value<string>("document.querySelector('#report').dataset.milliseconds"));
      const began = performance.now();
      await verifyBundle(text, { roots, explain: true });
      times.push({ inPage, onNode: performance.now() - began });
    }
    const of = (which: 'inPage' | 'onNode') => median(times.map((each) => each[which])).toFixed(1);
    const ratio = median(times.map(({ inPage, onNode }) => inPage / onNode)).toFixed(1);
    return [
      `A bundle of ${LEVELS} levels, ${text.length} characters: ${of('inPage')} ms in the page, ${of('onNode')} ms on Node (ratio ${ratio})`,
    ];
  } finally {
    await browser.stop();
    removeTemporaryFolders();
  }
}

async function deepBundle(): Promise<{ readonly text: string; readonly roots: readonly string[] }> {
  const hierarchy = await twoCountries();
  let parents = ['working-a-r1'];
  for (let level = THERE + 1; level <= LEVELS; level += 1) {
    const id = `step-${level}`;
    await hierarchy.addDevice({ id, technician: 't-oem-a', kind: level === LEVELS ? 'field' : 'standard' });
    hierarchy.addReport({ id: `${id}-r1`, device: id, technician: 't-oem-a', parents });
    parents = [`${id}-r1`];
  }
  const ledger = await registryOf(hierarchy);
  const device = hierarchy.idOf('device', `step-${LEVELS}`);
  const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: ledger.now });
  const question = { asOf, knownAt, quantity, intervalDays, at };
  const { epoch, evidence } = await ask<EvidenceAnswer>(ledger, 'getEvidence', device, question);
  const text = bundleText({ type: BUNDLE_TYPE, device, question, epoch, evidence });
  const roots = hierarchy.institutes.map((id) => hierarchy.holder('organisation', id).certificateSha256);
  const { verdict } = await verifyBundle(text, { roots });
  if (verdict.status !== 'TRACEABLE' || verdict.levels !== LEVELS) {
    throw new Error(`The bundle is not as meant: ${verdict.status} over ${verdict.levels} levels, ${verdict.reason}`);
  }
  return { text, roots };
}

printAlone(module, pageNumbers);
