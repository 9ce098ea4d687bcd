'use strict';

// One line a folder of unit tests, one a file of the others; failures and skipped tests in full at the end. TRACECAL_TESTS=all names
// every test as it ends. Adds its counts to a file for .ci/run.
const { appendFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { reporters, Runner } = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_END, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Runner.constants;
const Base = process.env.TRACECAL_TESTS === 'all' ? reporters.Spec : reporters.Base;
const TESTS = join(dirname(__dirname), 'test', 'dist');

module.exports = class extends Base {
  constructor(runner, options) {
    super(runner, options);
    const pending = [];
    runner.on(EVENT_TEST_PENDING, (test) => pending.push(test));
    if (Base === reporters.Base) this.#groups(runner);
    runner.once(EVENT_RUN_END, () => {
      // Beside other processes, failures are enough: their counts are added up.
      const isOneOfMany = process.env.TRACECAL_TEST_SUMMARY === 'none';
      if (Base === reporters.Base && (!isOneOfMany || this.stats.failures > 0)) this.epilogue();
      this.#skipped(pending);
      const counts = process.env.TRACECAL_TEST_COUNTS;
      if (counts) {
        appendFileSync(counts, `${this.stats.passes} ${this.stats.failures} ${this.stats.pending}\n`);
      }
    });
  }

  /** Files are sorted by path, so a group ends where the next one begins. */
  #groups(runner) {
    let group;
    const close = () => {
      if (!group) return;
      const { name, passed, failed, skipped, since } = group;
      const counts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`];
      const seconds = ((Date.now() - since) / 1000).toFixed(1);
      console.log(
        `  ${failed ? '✖' : '✔'} ${name.padEnd(44)} ${seconds.padStart(6)} s  ${counts.filter(Boolean).join(', ')}`,
      );
    };
    let last = Date.now();
    const open = ({ file }) => {
      const name = groupOf(file ?? '');
      if (group?.name !== name) {
        close();
        group = { name, passed: 0, failed: 0, skipped: 0, since: last };
      }
      return group;
    };
    runner.on(EVENT_TEST_FAIL, (test) => {
      const own = open(test);
      console.log(`    ✖ ${test.fullTitle()}`);
      // A failed hook emits no "test end" event.
      if (test.type === 'hook') own.failed++;
    });
    runner.on(EVENT_TEST_END, (test) => {
      open(test)[test.isPending() ? 'skipped' : test.isFailed() ? 'failed' : 'passed']++;
      last = Date.now();
    });
    runner.once(EVENT_RUN_END, close);
  }

  #skipped(tests) {
    if (tests.length === 0) return;
    console.log('  Skipped, for the reasons given above:');
    const suites = tests.map((test) => test.parent.fullTitle());
    for (const suite of new Set(suites)) {
      console.log(`    - ${suite} (${suites.filter((each) => each === suite).length})`);
    }
    console.log();
  }
};

function groupOf(file) {
  const path = relative(TESTS, file).replaceAll('\\', '/');
  const [kind, folder, ...rest] = path.split('/');
  return kind === 'unit' && rest.length > 0 ? `${kind}/${folder}` : path.replace(/\.test\.js$/, '');
}
