import type { FileSystem } from '../machine/file-system.js';
import type { Container } from '../pod.js';
import type { Log } from './log.js';

/** The termination message: what the container wrote into its file, or else, if it asks for that, the end of its log. */
export function lastWords(container: Container, files: FileSystem | undefined, log: Log, code: number, now: number): string {
  const { terminationMessagePath = '/dev/termination-log', terminationMessagePolicy } = container;
  const written = files?.stat(terminationMessagePath)?.type === 'file' ? files.read(terminationMessagePath) : Buffer.alloc(0);
  if (written.length > 0) return written.subarray(0, 4096).toString('utf8');
  if (terminationMessagePolicy !== 'FallbackToLogsOnError' || code === 0) return '';
  const { lines } = log.read(now);
  return lines
    .slice(-80)
    .map(({ text, partial }) => (partial ? text : `${text}\n`))
    .join('')
    .slice(-2048);
}
