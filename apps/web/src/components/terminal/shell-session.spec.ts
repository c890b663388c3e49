import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { closeStdinFrame, readFrame, readStatus, resizeFrame, stdinFrame } from './channels';
import { ShellSession, type ShellSocket, type ShellState } from './shell-session';

const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)) as Uint8Array<ArrayBuffer>;

describe('frames', () => {
  it('begin with their channel', () => {
    expect([...stdinFrame('ä')]).toEqual([0, 0xc3, 0xa4]);
    expect(resizeFrame(80, 24)[0]).toBe(4);
    expect(JSON.parse(new TextDecoder().decode(resizeFrame(80, 24).slice(1)))).toEqual({ Width: 80, Height: 24 });
    expect([...closeStdinFrame()]).toEqual([255, 0]);
    expect(readFrame(new Uint8Array([1, 104, 105]).buffer)).toEqual({ channel: 1, bytes: new Uint8Array([104, 105]) });
    expect(readFrame(new ArrayBuffer(0)).channel).toBe(-1);
  });
  it.each([
    ['success', { status: 'Success' }, 0, 'exit 0'],
    [
      'an exit code',
      { status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '127' }] } },
      127,
      'exit 127',
    ],
    ['a failure before it ran', { status: 'Failure', message: 'container not found' }, null, 'container not found'],
    ['text that is no Status', 'broken', null, 'broken'],
  ])('the status channel tells %s', (_, status, exitCode, message) => expect(readStatus(bytes(status))).toEqual({ exitCode, message }));
});

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** A cluster whose shell does as a script says. */
async function shell(script: (socket: WebSocket) => void) {
  const server = new WebSocketServer({ port: 0, handleProtocols: () => 'v5.channel.k8s.io' });
  open.push(server);
  const heard: number[][] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => heard.push([...data]));
    script(socket);
  });
  const { port } = server.address() as AddressInfo;
  const states: ShellState[] = [];
  let output = '';
  const session = new ShellSession({
    socket: new WebSocket(`ws://127.0.0.1:${port}`, 'v5.channel.k8s.io') as unknown as ShellSocket,
    onOutput: (data) => {
      output += new TextDecoder().decode(data);
    },
    onState: (state) => states.push(state),
  });
  open.push(session);
  const until = async (what: () => boolean) => {
    const end = Date.now() + 5000;
    while (!what()) {
      if (Date.now() > end) throw new Error('it did not come');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { session, states, heard, output: () => output, until };
}

describe('ShellSession', () => {
  it('sends size and keys, shows what comes, and says how it ended', async () => {
    const { session, states, heard, output, until } = await shell((socket) => {
      socket.on('message', (data: Buffer) => {
        if (data[0] !== 0) return;
        socket.send(Buffer.concat([Buffer.from([1]), Buffer.from('hi')]));
        socket.send(Buffer.concat([Buffer.from([3]), Buffer.from('{"status":"Success"}')]));
        socket.close(1000);
      });
    });
    session.resize(80, 24);
    expect(session.write('too early')).toBe(false);
    await until(() => session.state.phase === 'live');
    expect(session.write('ls')).toBe(true);
    await until(() => session.state.phase === 'ended');
    expect(output()).toBe('hi');
    expect(heard.map(([first]) => first)).toEqual([4, 0]);
    expect(states.map(({ phase }) => phase)).toEqual(['live', 'ended']);
    expect(session.write('late')).toBe(false);
  });

  it('says that it was cut, with the reason that was given', async () => {
    const { session, states, until } = await shell((socket) =>
      setTimeout(() => socket.close(1008, 'revoked: operator in shop was taken'), 10),
    );
    await until(() => session.state.phase === 'lost');
    expect(states.at(-1)).toEqual({ phase: 'lost', opened: true, reason: 'revoked: operator in shop was taken' });
  });
});
