/**
 * Loaded into chaincode processes before their own code: ends the chaincode when the network's process has ended for any reason, so that it
 * does not keep its port and memory.
 */
process.on('disconnect', () => {
  process.exit(0);
});
