'use strict';

// Loaded by mocha for the suites on real Fabric: runs the scenarios on the engine named here.
process.env.TRACECAL_ENGINE ??= 'native';
