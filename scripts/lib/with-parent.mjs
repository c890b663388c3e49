// Preloaded into our server processes: if the command that started them is gone (even by kill -9), they end as if told to.
// Their own children inherit the preload, and have channels of their own that are not to be touched.
if (process.channel && process.env.FAIRLEAD_PARENT === String(process.ppid)) {
  process.channel.unref();
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
