'use strict';

// Mocha's spec reporter, which also says at the end what was skipped, and adds its counts to a file for .ci/run.
const { appendFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      if (skipped.length > 0) {
        console.log(
          `  Skipped, for the reasons given above:\n${skipped.map((title) => `    - ${title}`).join('\n')}\n`,
        );
      }
      const counts = process.env.TRACECAL_TEST_COUNTS;
      if (counts) {
        appendFileSync(counts, `${this.stats.passes} ${this.stats.failures} ${this.stats.pending}\n`);
      }
    });
  }
};
