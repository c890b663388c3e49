import { everyLook, expect, expectAccessible, fresh, signIn, test } from './fixtures';
import { ask, onSandbox } from './sandbox-cluster';

const project = fresh('once');

test.describe('what runs once, by a schedule, or not at all', () => {
  test.describe.configure({ mode: 'serial' });
  onSandbox(project, async (page) => {
    const make = (name: string, spec: object) =>
      ask(page, 'post', `/projects/${project}/apps?wait=50s`, { name, cluster: project, namespace: project, spec });
    await make('web', { image: 'nginx:1.27', port: 80, replicas: 2 });
    const schedule = { cron: '30 3 * * mon-fri', timeZone: 'Europe/Berlin' };
    await make('nightly', { image: 'busybox', command: ['sh', '-c', 'echo tidy'], schedule });
  });

  test('an app is put to sleep, says so, and wakes with one click', async ({ page }) => {
    await signIn(page);
    await page.goto(`/projects/${project}/apps/web`);
    await page.getByRole('button', { name: 'More acts' }).click();
    await page.getByRole('menuitem', { name: 'Put to sleep…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Put web to sleep' });
    await expect(dialog.getByText('The size to come back to is kept.')).toBeVisible();
    await expect(dialog.getByText(/scale deployment\/web --replicas=0/)).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Put web to sleep' }).click();
    const asleep = page.getByRole('region', { name: 'Asleep' });
    await expect(asleep.getByText(/admin put it to sleep .* It wakes to 2 replicas\./)).toBeVisible();
    await everyLook(page, 'asleep', () => expect(asleep).toBeVisible());
    await asleep.getByRole('button', { name: 'Wake' }).click();
    await expect(asleep).toBeHidden();
    await expect(page.getByTestId('ready')).toHaveText('2', { timeout: 20_000 });
  });

  test('a schedule stands in words, runs now, and is suspended and resumed', async ({ page }) => {
    await signIn(page);
    await page.goto(`/projects/${project}/apps/nightly`);
    const panel = page.getByRole('region', { name: 'Schedule' });
    await expect(panel.getByText('Runs every Monday to Friday at 03:30.')).toBeVisible();
    await expect(panel.getByRole('region', { name: 'Next runs' }).getByRole('listitem')).toHaveCount(5);
    await panel.getByRole('button', { name: 'Run now' }).click();
    const runs = page.getByRole('region', { name: 'Last runs' });
    await expect(runs.getByText('Succeeded')).toBeVisible({ timeout: 30_000 });
    await expect(runs.getByText('by hand')).toBeVisible();
    await panel.getByRole('button', { name: 'Suspend' }).click();
    await expect(panel.getByText(/^Suspended\. It would run every Monday/)).toBeVisible();
    await everyLook(page, 'schedule', () => expect(panel).toBeVisible());
    await panel.getByRole('button', { name: 'Resume' }).click();
    await expect(panel.getByText('Runs every Monday to Friday at 03:30.')).toBeVisible();
  });

  test('a schedule is given in the form, and the plan says when it will run', async ({ page }) => {
    await signIn(page);
    await page.goto(`/projects/${project}/apps`);
    await expect(page.getByRole('row').filter({ hasText: 'nightly' }).getByText('Scheduled')).toBeVisible();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await page.getByRole('textbox', { name: 'Image', exact: true }).fill('busybox:1.36');
    await page.getByText(/^More: variables/).click();
    await page.getByLabel('Runs at (cron)').fill('0 3 * *');
    const plan = page.getByRole('region', { name: 'Plan' });
    await expect(page.getByLabel('Runs at (cron)')).toHaveAttribute('aria-invalid', 'true');
    await page.getByLabel('Runs at (cron)').fill('0 3 1 * *');
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    await expect(plan.getByText('runs on day 1 of the month at 03:00 (Europe/Berlin)')).toBeVisible();
    await expect(plan.getByText(/^next: \w+ 1 \w+, 03:00; /)).toBeVisible();
  });

  test('a command runs to its end, and its log is kept', async ({ page }) => {
    await signIn(page);
    await page.goto(`/projects/${project}/apps/web`);
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await expect(page.getByText('Nothing was run yet')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Run a command…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run a command as web' });
    await dialog.getByLabel('Command').fill('echo once && exit 3');
    await expect(dialog.getByText("Runs as sh -c 'echo once && exit 3'")).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: 'exit 3' })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('Container web crashes with exit code 3.')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Log' }).getByText('once')).toBeVisible();
    await expect(page.getByText(/Kept by Fairlead; gone in 6 d/)).toBeVisible();
    await everyLook(page, 'runs', () => expect(page.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible());
  });

  test('with a terminal it is attached to, and gone when it was left', async ({ page }) => {
    test.setTimeout(90_000);
    await signIn(page);
    await page.goto(`/projects/${project}/apps/web/runs`);
    await page.getByRole('button', { name: 'Run a command…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run a command as web' });
    await dialog.getByLabel('How').selectOption('interactive');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    const terminal = page.getByRole('region', { name: 'Terminal', exact: true });
    // Its own line is the last: while the terminal is loaded, that is said above it.
    await expect(terminal.getByRole('status').last()).toHaveText('live', { timeout: 30_000 });
    await expect(terminal.getByRole('status')).toHaveCount(1);
    await page.keyboard.type('echo a$((40+2))b\n');
    await expect(terminal.locator('.xterm-rows')).toContainText('a42b');
    await expectAccessible(page);
    await page.waitForTimeout(6_000); // one beat by which an open terminal is noted
    await page.goto(`/projects/${project}/apps`);
    await page.waitForTimeout(1_000);
    const { items } = (await ask(page, 'get', `/projects/${project}/apps/web/runs`)) as { items: { id: string }[] };
    const run = async () =>
      (await ask(page, 'get', `/projects/${project}/apps/web/runs/${items[0]?.id}`)) as { state: string; reason: string };
    await expect.poll(run, { timeout: 45_000, intervals: [1_000] }).toMatchObject({ state: 'stopped', reason: 'Its session ended.' });
  });
});
