// Preloaded into our server processes: if the command that started them is gone (even by kill -9), they end as if told to.
if (process.channel) {
  process.channel.unref();
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
