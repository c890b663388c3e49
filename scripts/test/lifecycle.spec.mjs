import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { claimDataFolder } from '../lib/data-folder.mjs';
import { fromRoot, root } from '../lib/paths.mjs';
import { step } from '../lib/steps.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'fairlead-lifecycle-'));
const library = (name) => JSON.stringify(fromRoot('scripts/lib', name));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(name, text) {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Runs a script and answers its process and its lines, one by one. */
function start(file) {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, exit: once(child, 'exit'), line: async () => (await lines.next()).value };
}

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a command that started servers', () => {
  const server = script('server.mjs', `console.log(process.pid); setInterval(() => {}, 1000);`);
  const stubborn = script('stubborn.mjs', `process.on('SIGTERM', () => {}); console.log(process.pid); setInterval(() => {}, 1000);`);
  const command = (file, graceMs = 5000) =>
    script(
      'command.mjs',
      `import { startNode } from ${library('child.mjs')};
       import { openLifetime } from ${library('lifetime.mjs')};
       const lifetime = openLifetime({ interrupted: 0 });
       const child = startNode(${JSON.stringify(file)}, { env: process.env, cwd: ${JSON.stringify(folder)}, graceMs: ${graceMs} });
       lifetime.add('the server', child.stop, child.force);`,
    );

  it('stops them when it is told to stop', async () => {
    const { child, exit, line } = start(command(server));
    const pid = Number(await line());
    child.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  it('stops them when npm ends the shell that it runs in', async () => {
    const shell = spawn('sh', ['-c', `${process.execPath} ${command(server)}; true`], {
      env: { ...process.env, npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number((await createInterface({ input: shell.stdout })[Symbol.asyncIterator]().next()).value);
    shell.kill('SIGTERM');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  it('ends those that do not stop, after their time', async () => {
    const { child, exit, line } = start(command(stubborn, 300));
    const pid = Number(await line());
    child.kill('SIGINT');
    expect((await exit)[0]).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  it('takes them along when it is killed', async () => {
    const { child, exit, line } = start(command(server));
    const pid = Number(await line());
    child.kill('SIGKILL');
    await exit;
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});

describe('a step', () => {
  const inside = path.relative(root, folder);
  const name = `test of steps ${process.pid}`;
  afterAll(() => rmSync(fromRoot('node_modules/.fairlead-steps', name.replaceAll(' ', '-')), { force: true }));
  const work = (text = 'built') => {
    mkdirSync(path.join(folder, 'out'), { recursive: true });
    writeFileSync(path.join(folder, 'out/result'), text);
  };
  const options = { inputs: [path.join(inside, 'source')], outputs: [path.join(inside, 'out/result')], hint: 'Try again.' };
  const run = (action = work) => step(name, options, async () => action());

  it('runs when its inputs or outputs changed, and not otherwise', async () => {
    mkdirSync(path.join(folder, 'source/sub'), { recursive: true });
    writeFileSync(path.join(folder, 'source/sub/a.ts'), '1');
    expect(await run()).toBe(true);
    expect(await run()).toBe(false);
    writeFileSync(path.join(folder, 'source/sub/a.spec.ts'), 'a test is no input of a build');
    expect(await run()).toBe(false);
    writeFileSync(path.join(folder, 'source/sub/a.ts'), '2');
    expect(await run()).toBe(true);
    rmSync(path.join(folder, 'out/result'));
    expect(await run()).toBe(true);
  });

  it('runs again after it failed, and says what to do', async () => {
    writeFileSync(path.join(folder, 'source/sub/a.ts'), '3');
    const failure = run(() => {
      throw new Error('no space');
    });
    await expect(failure).rejects.toMatchObject({ message: `${name} failed: no space`, hint: 'Try again.' });
    expect(await run()).toBe(true);
  });

  it('is not run twice at the same time', async () => {
    writeFileSync(path.join(folder, 'source/sub/a.ts'), '4');
    expect(await Promise.all([run(), run()])).toEqual(expect.arrayContaining([true, false]));
  });
});

describe('a data folder', () => {
  const data = path.join(folder, 'data');

  it('is for its user alone, and given back', () => {
    const release = claimDataFolder(data);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    release();
    expect(existsSync(path.join(data, 'fairlead.pid'))).toBe(false);
  });

  it('is refused while another Fairlead runs on it', async () => {
    mkdirSync(path.join(folder, 'scripts'), { recursive: true });
    const other = start(script('scripts/start.mjs', `console.log('up'); setInterval(() => {}, 1000);`));
    await other.line();
    writeFileSync(path.join(data, 'fairlead.pid'), String(other.child.pid));
    expect(() => claimDataFolder(data)).toThrow(/already/);
    other.child.kill('SIGKILL');
    await other.exit;
    claimDataFolder(data)();
  });
});
