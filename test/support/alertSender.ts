import { AlertOutbox, AlertSender, alertTarget, readAlertSecret, Store } from '@tracecal/monitor';

/** A process of its own that delivers alerts until it is killed: folder of the store, URL of the receiver, file of the secret. */
const [folder = '', url = '', secret = ''] = process.argv.slice(2);

async function run(): Promise<void> {
  const store = await Store.open(folder);
  const targets = [alertTarget({ name: 'receiver', url, secret: await readAlertSecret(secret) })];
  const sender = new AlertSender({ outbox: new AlertOutbox(store), targets });
  await sender.run(new AbortController().signal);
}

void run();
