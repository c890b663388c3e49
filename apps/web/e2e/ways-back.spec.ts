import { everyLook, expect, expectAccessible, fresh, signIn, test } from './fixtures';
import { ask, inCluster, onSandbox } from './sandbox-cluster';

const project = fresh('back');
const web = `/projects/${project}/apps/web`;
const deployment = `/apis/apps/v1/namespaces/${project}/deployments/web`;
const live = async () => ((await inCluster('GET', deployment)) as { spec: { replicas: number } }).spec.replicas;

test.describe('an app that others change too', () => {
  test.describe.configure({ mode: 'serial' });
  onSandbox(project, (page) =>
    ask(page, 'post', `/projects/${project}/apps?wait=50s`, {
      name: 'web',
      cluster: project,
      namespace: project,
      spec: { image: 'nginx:1.27', port: 80, replicas: 2 },
    }),
  );

  test('a field that somebody else has set is decided in the plan, and taken over later', async ({ page }) => {
    test.setTimeout(120_000);
    await inCluster('PATCH', `${deployment}?fieldManager=kubectl-edit`, { spec: { replicas: 4 } });
    await signIn(page);
    await page.goto(`${web}/settings`);
    await page.getByRole('textbox', { name: 'Image', exact: true }).fill('nginx:1.28');
    const rows = page.getByRole('region', { name: 'Set by others' });
    await expect(rows.getByText('Set by others: 1 decision to make')).toBeVisible();
    await expect(page.getByText('1 to decide', { exact: true })).toBeVisible();
    await expect(rows.getByText('kubectl edit (kubectl-edit)')).toBeVisible();
    const save = page.getByRole('button', { name: 'Save web' });
    await expect(save).toHaveAttribute('aria-disabled', 'true');
    await everyLook(page, 'conflict', () => expect(rows).toBeVisible());
    await rows.getByRole('button', { name: 'Leave to kubectl edit: spec.replicas of Deployment/web' }).click();
    await expect(rows.getByText('Set by others: decided')).toBeVisible();
    await expect(save).not.toHaveAttribute('aria-disabled', 'true');
    await save.click();
    const left = page.getByRole('region', { name: 'Left to others' });
    await expect(left.getByText(/left to kubectl edit/)).toBeVisible();
    expect(await live()).toBe(4);
    await everyLook(page, 'left', () => expect(left).toBeVisible());
    await left.getByRole('button', { name: 'Take over: spec.replicas of Deployment/web' }).click();
    await expect(left).toBeHidden();
    await expect.poll(live).toBe(2);
  });

  test('a rollback holds it there: everybody sees who and why, and it is lifted', async ({ page }) => {
    test.setTimeout(120_000);
    await signIn(page);
    await page.goto(`${web}/revisions`);
    await page.getByRole('button', { name: 'Roll back to 1', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Roll web back to revision 1' });
    await dialog.getByRole('checkbox', { name: 'Hold it there' }).check();
    await dialog.getByLabel('Why').fill('orders are lost with 1.28');
    await dialog.getByLabel('How long').selectOption('for one hour');
    await expect(dialog.getByText('nginx:1.28 → nginx:1.27')).toBeVisible();
    await everyLook(page, 'hold-dialog', () => expect(dialog).toBeVisible());
    await dialog.getByRole('button', { name: 'Roll back to 1' }).click();
    await expect(dialog).toBeHidden();
    const held = page.getByRole('region', { name: 'Held' });
    await expect(held.getByText('Held by admin')).toBeVisible();
    await expect(held.getByText(/orders are lost with 1\.28/)).toBeVisible();
    await everyLook(page, 'held', () => expect(held).toBeVisible());
    await held.getByRole('button', { name: 'Lift the hold' }).click();
    await expect(held).toBeHidden();
  });

  test('a deletion is undone from the list, with its pods and its revisions', async ({ page }) => {
    test.setTimeout(180_000);
    await signIn(page);
    await page.goto(`${web}/settings`);
    await page.getByRole('button', { name: 'Delete web…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete web' });
    await expect(dialog.getByRole('listitem').filter({ hasText: 'Deployment/web' })).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('textbox').fill('web');
    await dialog.getByRole('button', { name: /^Delete web and \d objects$/ }).click();
    await page.waitForURL(`**/projects/${project}/apps`);
    const deleted = page.getByRole('list', { name: 'Deleted a moment ago' });
    await expect(deleted.getByText(/was deleted by admin/)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('link', { name: 'web', exact: true })).toBeHidden();
    await everyLook(page, 'deleted', () => expect(deleted).toBeVisible());
    await deleted.getByRole('button', { name: 'Undo the deletion of web' }).click();
    await expect(page.getByRole('link', { name: 'web', exact: true })).toBeVisible({ timeout: 60_000 });
    await expect(deleted).toBeHidden({ timeout: 30_000 });
    expect(await live()).toBe(2);
    await page.goto(`${web}/revisions`);
    await expect(page.getByText(/^Revision 1$|^1$/).first()).toBeVisible();
  });
});
