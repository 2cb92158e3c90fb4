// Loaded into every process that `npm start` runs: when the channel to it closes, nobody is left to stop them.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
