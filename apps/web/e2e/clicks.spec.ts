import { CountedHand } from './counted-hand';
import { expect, fresh, signIn, test } from './fixtures';
import { ask, onSandbox } from './sandbox-cluster';

const project = fresh('clicks');
const list = `/projects/${project}/apps`;

test.describe('what the main jobs take, from the list of apps, signed in', () => {
  test.describe.configure({ mode: 'serial' });
  onSandbox(project);

  test('deploy nginx with a public address: 3 clicks, 1 typed field', async ({ page }) => {
    test.setTimeout(120_000);
    await signIn(page);
    await page.goto(list);
    const hand = new CountedHand(page);
    await hand.click(page.getByRole('button', { name: 'Deploy', exact: true }));
    await hand.type(page.getByRole('textbox', { name: 'Image', exact: true }), 'nginx:1.27');
    await hand.click(page.getByRole('checkbox', { name: /^Public address: nginx\./ }));
    const plan = page.getByRole('region', { name: 'Plan' });
    await expect(plan.getByText('Ingress/nginx')).toBeVisible();
    await expect(plan.getByText('Clean')).toBeVisible();
    await hand.click(page.getByRole('button', { name: 'Deploy nginx' }));
    expect(hand.done()).toEqual({ clicks: 3, fields: 1 });

    const rollout = page.getByRole('region', { name: /^Rollout of nginx/ });
    await expect(rollout.getByText(/^Serving: 200 in /)).toBeVisible({ timeout: 60_000 });
    await expect(rollout.getByRole('link', { name: new RegExp(`^nginx\\.${project}\\.localhost`) })).toBeVisible();
  });

  test('scale to 5: 2 clicks, 1 typed field', async ({ page }) => {
    await signIn(page);
    await page.goto(list);
    const hand = new CountedHand(page);
    await hand.click(page.getByRole('button', { name: /^Size of nginx/ }));
    await hand.type(page.getByRole('textbox', { name: /^Size of nginx/ }), '5');
    await hand.press('Enter');
    expect(hand.done()).toEqual({ clicks: 2, fields: 1 });
    await expect(page.getByRole('button', { name: /^Size of nginx.* 5$/ })).toBeVisible({ timeout: 30_000 });
  });

  test('scale to 4 by the palette: 2 keys, 1 line', async ({ page }) => {
    await signIn(page);
    await page.goto(list);
    await expect(page.getByRole('link', { name: 'nginx', exact: true })).toBeVisible();
    const hand = new CountedHand(page);
    await hand.press('Control+k');
    await hand.type(page.getByRole('combobox', { name: 'Search or do' }), 'scale nginx 4');
    await expect(page.getByRole('option', { name: `Scale nginx in ${project} on ${project} from 5 to 4` })).toBeVisible();
    await hand.press('Enter');
    expect(hand.done()).toEqual({ clicks: 2, fields: 1 });
    await expect(page.getByRole('button', { name: /^Size of nginx.* 4$/ })).toBeVisible({ timeout: 30_000 });
  });

  test('roll back to any revision, the difference before it: 3 clicks', async ({ page }) => {
    await signIn(page);
    await page.goto(list);
    const hand = new CountedHand(page);
    await hand.click(page.getByRole('link', { name: 'Revisions of nginx: 3 is wanted' }));
    await expect(page.getByRole('region', { name: 'Difference: 3 (wanted now) → 2' }).getByText('4 → 5 replicas')).toBeVisible();
    await hand.click(page.getByRole('button', { name: 'Roll back to 1', exact: true }));
    const dialog = page.getByRole('dialog', { name: 'Roll nginx back to revision 1' });
    await expect(dialog.getByText('4 → 1 replica')).toBeVisible();
    await hand.click(dialog.getByRole('button', { name: 'Roll back to 1' }));
    expect(hand.done()).toEqual({ clicks: 3, fields: 0 });
    await expect(page.getByText('Asked: nginx as in revision 1')).toBeVisible();
  });

  test('why does it fail: 0 clicks, and one to the log of the last crash', async ({ page }) => {
    test.setTimeout(120_000);
    await signIn(page);
    const spec = { image: 'busybox', command: ['sh', '-c', 'echo "no database at db:5432"; exit 3'] };
    await ask(page, 'post', `/projects/${project}/apps`, { name: 'broken', cluster: project, namespace: project, spec });
    await page.goto(list);
    const hand = new CountedHand(page);
    const row = page.getByRole('row').filter({ hasText: 'broken' });
    await expect(row.getByText(/exit code 3/)).toBeVisible({ timeout: 60_000 });
    expect(hand.done()).toEqual({ clicks: 0, fields: 0 });
    await hand.click(row.getByRole('link', { name: "Last crash's log of broken" }));
    await expect(page.getByRole('log').getByText('no database at db:5432').first()).toBeVisible({ timeout: 30_000 });
    expect(hand.done()).toEqual({ clicks: 1, fields: 0 });
  });
});
