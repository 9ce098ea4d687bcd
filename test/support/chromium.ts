import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { temporaryFolder } from './temporaryFolder.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium on PATH; undefined if there is none. */
export function findChromium(): string | undefined {
  return NAMES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
}

type Message = Readonly<Record<string, unknown>>;

/** What a page asked for, said and was forbidden. */
export interface Happened {
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

/** A headless Chromium, driven over a pipe by its DevTools protocol. */
export class Chromium {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (result: Message) => void; reject: (error: Error) => void }>();
  readonly #listeners = new Set<(session: string, method: string, params: Message) => void>();
  #last = 0;

  private constructor(child: ChildProcess) {
    this.#process = child;
    const answers = child.stdio[4] as Readable;
    let held = '';
    answers.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = `${held}${chunk}`.split('\0');
      held = parts.pop() ?? '';
      parts.forEach((part) => this.#receive(JSON.parse(part) as Message));
    });
    child.once('exit', () => {
      this.#waiting.forEach(({ reject }) => reject(new Error('Chromium has ended.')));
    });
  }

  /** Starts a browser that can reach nothing but this machine. */
  static async start(program: string): Promise<Chromium> {
    const options = [
      '--headless=new',
      // A test may run as root, where there is no sandbox; it opens pages of its own only.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      `--user-data-dir=${temporaryFolder()}`,
      '--remote-debugging-pipe',
    ];
    const child = spawn(program, options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    await once(child, 'spawn');
    return new Chromium(child);
  }

  /** A new, empty tab. */
  async open(): Promise<Tab> {
    const { targetId } = await this.send('', 'Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('', 'Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab(this, String(sessionId));
    await tab.begin();
    return tab;
  }

  send(session: string, method: string, params: Message = {}): Promise<Message> {
    const id = (this.#last += 1);
    const requests = this.#process.stdio[3] as Writable;
    requests.write(`${JSON.stringify({ id, method, params, ...(session === '' ? {} : { sessionId: session }) })}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  listen(listener: (session: string, method: string, params: Message) => void): void {
    this.#listeners.add(listener);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    // Killed, it would leave processes behind that still write.
    await this.send('', 'Browser.close');
    await ended;
  }

  #receive({ id, result, error, method, params, sessionId }: Message): void {
    if (typeof id !== 'number') {
      this.#listeners.forEach((listener) => listener(String(sessionId), String(method), params as Message));
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) {
      waiting?.resolve(result as Message);
    } else {
      waiting?.reject(new Error((error as { message: string }).message));
    }
  }
}

/** One page in the browser, and what happened in it. */
export class Tab {
  readonly #browser: Chromium;
  readonly #session: string;
  readonly #requests: string[] = [];
  readonly #complaints: string[] = [];

  constructor(browser: Chromium, session: string) {
    this.#browser = browser;
    this.#session = session;
  }

  async begin(): Promise<void> {
    this.#browser.listen((session, method, params) => {
      if (session === this.#session) this.#hear(method, params);
    });
    for (const domain of ['Page', 'Network', 'Runtime', 'Log', 'Audits', 'DOM']) {
      await this.#send(`${domain}.enable`);
    }
  }

  get happened(): Happened {
    return { requests: this.#requests, complaints: this.#complaints };
  }

  /** Cuts the page off from everything, loopback too. */
  async goOffline(): Promise<void> {
    await this.#send('Network.emulateNetworkConditions', {
      offline: true,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });
  }

  /** Loads a page anew, and forgets what happened before. */
  async goTo(url: string): Promise<void> {
    await this.value('window.isLeft = true');
    this.#requests.length = 0;
    this.#complaints.length = 0;
    await this.#send('Page.navigate', { url });
    await this.until("document.readyState === 'complete' && !window.isLeft");
  }

  /** The value of an expression in the page. */
  async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  }

  async until(expression: string): Promise<void> {
    for (;;) {
      if (await this.value<boolean>(`Boolean(${expression})`).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Puts files of this machine into an input, as the reader's choice. */
  async choose(selector: string, files: readonly string[]): Promise<void> {
    const { root } = await this.#send('DOM.getDocument');
    const { nodeId } = await this.#send('DOM.querySelector', { nodeId: (root as { nodeId: number }).nodeId, selector });
    await this.#send('DOM.setFileInputFiles', { nodeId, files });
  }

  async press(key: 'Tab' | 'Enter' | ' '): Promise<void> {
    const text = { Tab: '', Enter: '\r', ' ': ' ' }[key];
    const [code, windowsVirtualKeyCode] = { Tab: ['Tab', 9], Enter: ['Enter', 13], ' ': ['Space', 32] }[key];
    const event = { key, code, windowsVirtualKeyCode, ...(text === '' ? {} : { text }) };
    await this.#send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
    await this.#send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
  }

  /** @returns The bytes of a PDF */
  async print(): Promise<Buffer> {
    const { data } = await this.#send('Page.printToPDF', { printBackground: false });
    return Buffer.from(String(data), 'base64');
  }

  /** Shows the page as it is printed, to read what is visible then, or as usual. */
  async showAs(media: 'print' | 'screen'): Promise<void> {
    await this.#send('Emulation.setEmulatedMedia', { media });
  }

  #send(method: string, params: Message = {}): Promise<Message> {
    return this.#browser.send(this.#session, method, params);
  }

  #hear(method: string, params: Message): void {
    switch (method) {
      case 'Network.requestWillBeSent':
        this.#requests.push((params['request'] as { url: string }).url);
        break;
      case 'Log.entryAdded': {
        const { text } = params['entry'] as { text: string };
        this.#complaints.push(text);
        break;
      }
      case 'Runtime.exceptionThrown':
      case 'Audits.issueAdded':
        this.#complaints.push(JSON.stringify(params));
        break;
    }
  }
}
