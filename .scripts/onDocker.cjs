'use strict';

// Loaded by mocha for the suites on real Fabric in containers: runs the scenarios on the engine named here. Skips everything, with the
// reason, without Docker, Compose or the images.
process.env.TRACECAL_ENGINE ??= 'docker';

const PULLING_MS = 900_000;

exports.mochaHooks = {
  async beforeAll() {
    this.timeout(PULLING_MS);
    const { checkDocker, FabricError } = require('@tracecal/network/fabric');
    try {
      await checkDocker();
    } catch (error) {
      if (!(error instanceof FabricError)) throw error;
      console.warn(`  Skipped the suites on real Fabric in containers: ${error.message}`);
      this.skip();
    }
  },
};
