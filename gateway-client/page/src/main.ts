import { instantOf, refusalText, RegistryError } from '@tracecal/core/model';
import {
  outOfForce,
  parseTrust,
  trustedRoots,
  trustFingerprint,
  verifyBundle,
} from '@tracecal/gateway-client/proof/verify';
import type { LogFiles, Trust } from '@tracecal/gateway-client/proof/verify';
import { byId, element, name } from './dom.js';
import { filesIn, GivenLog, recognised } from './files.js';
import type { Recognised } from './files.js';
import { reportOf } from './report.js';
import { namedBundle, published } from './site.js';

/** What is to be checked, and with what. */
interface Given {
  bundle?: { readonly from: string; readonly text: string };
  trust?: { readonly from: string; readonly trust: Trust; readonly isOffered: boolean };
  own: GivenLog;
  siteLog?: LogFiles | undefined;
}

const given: Given = { own: new GivenLog() };

const choose = byId('choose', HTMLInputElement);
const drop = byId('drop', HTMLDivElement);
const taken = byId('taken', HTMLUListElement);
const status = byId('status', HTMLParagraphElement);
const problem = byId('problem', HTMLParagraphElement);
const report = byId('report', HTMLElement);
const nonce = byId('nonce', HTMLInputElement);
const hours = byId('hours', HTMLInputElement);
const offer = byId('offer', HTMLDivElement);
const compared = byId('compared', HTMLInputElement);
const accept = byId('accept', HTMLButtonElement);

/** Each task waits for the one before it: two drops at once must not mix. */
let queue: Promise<void> = Promise.resolve();

function perform(task: () => Promise<void>): void {
  // An answer must not stand beside files that it does not belong to.
  report.hidden = true;
  problem.hidden = true;
  queue = queue.then(task).catch(complain);
}

function complain(error: unknown): void {
  const sentence = sentenceOf(error);
  status.textContent = 'Nothing could be checked.';
  problem.replaceChildren(name(sentence.charAt(0).toUpperCase() + sentence.slice(1)));
  problem.hidden = false;
}

function sentenceOf(error: unknown): string {
  if (error instanceof RegistryError) return refusalText(error);
  return error instanceof Error ? error.message : String(error);
}

async function take(files: readonly File[]): Promise<void> {
  for (const file of files) {
    use(file.name, await recognised(file));
  }
  await check();
}

function use(from: string, file: Recognised): void {
  switch (file.kind) {
    case 'bundle':
      given.bundle = { from, text: file.text };
      return;
    case 'trust':
      given.trust = { from, trust: trustIn(file.text), isOffered: false };
      offer.hidden = true;
      return;
    case 'head':
    case 'epoch':
      given.own.take(file);
      return;
  }
}

function trustIn(text: string): Trust {
  try {
    return parseTrust(text);
  } catch (cause) {
    throw new Error(`the trust file cannot be used: ${sentenceOf(cause)}`, { cause });
  }
}

/** Checks what is there, and says what is missing. */
async function check(): Promise<void> {
  listTaken();
  const { bundle, trust } = given;
  if (!bundle || !trust) {
    const missing = [...(bundle ? [] : ['a bundle']), ...(trust ? [] : ['your trust file'])].join(' and ');
    status.textContent = `Give ${missing}.`;
    return;
  }
  status.textContent = 'Checking…';
  await new Promise((resolve) => setTimeout(resolve));
  const now = instantOf(Date.now());
  const why = outOfForce(trust.trust, now);
  if (why !== undefined) {
    throw new Error(`the trust file cannot be used now. ${why}`);
  }
  const began = performance.now();
  const found = await verifyBundle(bundle.text, asked(trust.trust, now));
  const milliseconds = performance.now() - began;
  report.replaceChildren(...reportOf({ report: found, trust: trust.trust, now, alsoOpen: alsoOpen(trust.isOffered) }));
  report.dataset['milliseconds'] = milliseconds.toFixed(1);
  report.hidden = false;
  status.textContent = `Verdict: ${found.verdict.status}.`;
}

function asked(trust: Trust, now: string): Parameters<typeof verifyBundle>[1] {
  const log = given.own.hasHead ? given.own : given.siteLog;
  return {
    roots: trustedRoots(trust),
    registry: trust.registry,
    endorsers: trust.endorsers,
    channel: trust.channel,
    explain: true,
    nonce: nonce.value === '' ? undefined : nonce.value,
    ...(log && {
      fresh: { log, k: trust.heartbeats.k, clock: { now, maxAgeSeconds: hoursAsked() * 3600 }, seen: null },
    }),
  };
}

/** @throws Error */
function hoursAsked(): number {
  if (!hours.checkValidity() || hours.value === '') {
    throw new Error('Give the age in hours, as a number from 1 to 87600.');
  }
  return hours.valueAsNumber;
}

/** What no check of a bundle can show. */
function alsoOpen(isOffered: boolean): readonly string[] {
  return [
    ...(location.protocol === 'file:'
      ? []
      : [
          `whether this page is what its makers published: it came from ${location.origin}, which could have changed it. Your own copy of the page, or the command tracecal proof verify, does not depend on that site`,
        ]),
    ...(isOffered ? ["whether the site's trust file deserves trust: you said that you compared its fingerprint"] : []),
    ...(given.own.hasHead || given.siteLog ? ["whether this device's clock is right"] : []),
  ];
}

function listTaken(): void {
  const { bundle, trust, own, siteLog } = given;
  const lines: (readonly [string, string])[] = [];
  if (bundle) lines.push(['Bundle: ', bundle.from]);
  if (trust) lines.push(['Trust file: ', `${trust.from} (fingerprint ${trustFingerprint(trust.trust)})`]);
  if (own.size > 0) lines.push(['Change log: ', own.size === 1 ? '1 file' : `${own.size} files`]);
  else if (siteLog) lines.push(['Change log: ', 'of this site']);
  taken.replaceChildren(...lines.map(([what, from]) => element('li', '', what, name(from))));
}

/** Loads what the address names. The site's trust file is only shown. */
async function openLink(): Promise<void> {
  const digest = namedBundle();
  if (digest === undefined) return;
  status.textContent = 'Loading the bundle that the link names…';
  const { bundle, log, trust } = await published(digest);
  given.bundle = { from: `${digest} (of this site)`, text: bundle };
  given.siteLog = log;
  if (trust !== undefined && !given.trust) {
    offerTrust(trustIn(trust));
  }
  await check();
}

function offerTrust(trust: Trust): void {
  byId('fingerprint', HTMLParagraphElement).replaceChildren(trustFingerprint(trust));
  byId('offered', HTMLParagraphElement).replaceChildren(
    'It trusts: ',
    name(trust.roots.map((root) => `${root.name} (certificate ${root.sha256})`).join(', ')),
  );
  compared.checked = false;
  accept.disabled = true;
  accept.onclick = () => {
    given.trust = { from: 'of this site', trust, isOffered: true };
    offer.hidden = true;
    perform(check);
  };
  offer.hidden = false;
}

/** A printed page shows everything. */
function printWhole(): void {
  let closed: readonly HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    closed = [...report.querySelectorAll('details')].filter(({ open }) => !open);
    closed.forEach((each) => (each.open = true));
  });
  addEventListener('afterprint', () => {
    closed.forEach((each) => (each.open = false));
  });
}

function listen(): void {
  choose.addEventListener('change', () => {
    const files = [...(choose.files ?? [])];
    // So that the same file can be chosen again after it was changed.
    choose.value = '';
    perform(() => take(files));
  });
  addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
  addEventListener('dragleave', () => {
    drop.classList.remove('over');
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    const { dataTransfer } = event;
    if (dataTransfer) {
      // What was dropped can be read only now.
      const files = filesIn(dataTransfer);
      perform(async () => take(await files));
    }
  });
  for (const field of [nonce, hours]) {
    field.addEventListener('change', () => {
      perform(check);
    });
  }
  compared.addEventListener('change', () => {
    accept.disabled = !compared.checked;
  });
  addEventListener('hashchange', () => {
    perform(openLink);
  });
}

listen();
printWhole();
perform(openLink);
