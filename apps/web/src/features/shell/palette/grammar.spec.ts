import { describe, expect, it } from 'vitest';
import { parseCommand, previewOf, type Target } from './grammar';

const target = (name: string, project = 'shop', cluster = 'prod'): Target => ({
  id: `${project}/${name}`,
  ref: name,
  name,
  project,
  cluster,
  namespace: project,
  replicas: 3,
  revision: 41,
});
const targets = [target('web'), target('web-admin'), target('api'), target('api', 'billing')];

const preview = (text: string) => {
  const parsed = parseCommand(text, targets);
  return parsed.kind === 'commands' ? parsed.commands.map(previewOf) : parsed.kind;
};

describe('what words mean', () => {
  it.each([
    ['scale web 5', ['Scale web in shop on prod from 3 to 5']],
    ['scale web +2', ['Scale web in shop on prod from 3 to 5']],
    ['scale web -3', ['Scale web in shop on prod from 3 to 0']],
    ['SCALE web 5', ['Scale web in shop on prod from 3 to 5']],
    ['sleep web', ['Scale web in shop on prod to 0']],
    ['deploy web nginx:1.27', ['Deploy nginx:1.27 to web in shop on prod']],
    ['restart web', ['Restart web in shop on prod, pod by pod']],
    ['rollback web 40', ['Roll web in shop on prod back to 40']],
    ['rollback web', ['Choose a revision of web in shop on prod to roll back to']],
    ['logs web previous', ["Show the last crash's log of web in shop on prod"]],
    ['shell web', ['Open a shell in web in shop on prod']],
    ['scale api 2 @billing', ['Scale api in billing on prod from 3 to 2']],
  ])('%s', (text, wanted) => expect(preview(text)).toEqual(wanted));

  it('lists every app of an ambiguous name and chooses none', () => {
    expect(preview('scale api 2')).toHaveLength(2);
  });

  it.each([
    'scale',
    'scale we',
    'scale web',
    'scale web five',
    'scale web -4',
    'scale web 1001',
    'deploy web',
    'rollback web x',
    'logs web 3',
    'scale web 5 6',
  ])('%s is not yet a command', (text) => expect(preview(text)).toBe('incomplete'));

  it('names apps that begin so', () => {
    const parsed = parseCommand('scale we', targets);
    expect(parsed.kind === 'incomplete' && parsed.targets.map((t) => t.name)).toEqual(['web', 'web-admin']);
  });

  it.each(['web', '', 'check out'])('"%s" is a search', (text) => expect(preview(text)).toBe('search'));
});
