import { everyLook, expect, expectAccessible, fresh, signIn, test } from './fixtures';
import { inCluster, onSandbox } from './sandbox-cluster';

const project = fresh('adopt');

test.describe('what already runs', () => {
  onSandbox(project);

  test('is found, taken in without a restart, and leaves again as YAML', async ({ page }) => {
    test.setTimeout(240_000);
    await signIn(page);
    await test.step('nothing there: it says why', async () => {
      await page.goto(`/projects/${project}/apps`);
      await page.getByRole('link', { name: 'Adopt', exact: true }).click();
      await expect(page.getByText(`Nothing to adopt in ${project} on ${project}`)).toBeVisible();
      await expectAccessible(page);
    });
    await makeOld();
    const before = await podsOfOld();
    await page.reload();

    const found = page.getByRole('listitem').filter({ hasText: 'Deployment/old' }).first();
    await test.step('who else keeps it, and what would be taken in', async () => {
      await expect(found.getByText('Kept by Helm release legacy.')).toBeVisible();
      await expect(found.getByText('nginx:1.25', { exact: true })).toBeVisible();
      await found.getByText('2 objects would be taken in').click();
      await expect(found.getByText('Service/old-svc', { exact: true })).toBeVisible();
      await expectAccessible(page);
    });
    await everyLook(page, 'adopt', () => expect(found.getByText('Kept by Helm release legacy.')).toBeVisible());

    await test.step('the plan in words, then the app', async () => {
      await page.getByRole('button', { name: 'Adopt Deployment/old' }).click();
      const dialog = page.getByRole('dialog', { name: 'Adopt Deployment/old' });
      await expect(dialog.getByLabel('Name of the app')).toHaveValue('old');
      await expect(dialog.getByText('taken into the app as it is; nothing restarts')).toHaveCount(2, { timeout: 30_000 });
      await everyLook(page, 'adopt-dialog', () => expect(dialog).toBeVisible());
      await dialog.getByRole('button', { name: 'Adopt as old' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'old' })).toBeVisible({ timeout: 30_000 });
      await expect(page.getByTestId('ready')).toHaveText('2', { timeout: 30_000 });
      expect(await podsOfOld()).toEqual(before);
    });

    await test.step('and as YAML, to copy and to download', async () => {
      await page.getByRole('button', { name: 'More acts' }).click();
      await page.getByRole('menuitem', { name: 'Export as YAML' }).click();
      const dialog = page.getByRole('dialog', { name: 'old as YAML' });
      await expect(dialog.getByText(/kind: Deployment/).first()).toBeVisible();
      await expect(dialog.getByText('fairlead.dev')).toHaveCount(0);
      await expect(dialog.getByRole('button', { name: 'Copy the YAML' })).toBeVisible();
      await expectAccessible(page);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        dialog.getByRole('link', { name: 'Download old.yaml' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('old.yaml');
    });
  });
});

async function makeOld(): Promise<void> {
  const labels = { app: 'old' };
  await inCluster('POST', `/apis/apps/v1/namespaces/${project}/deployments`, {
    metadata: { name: 'old', labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'legacy' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.25', ports: [{ containerPort: 80 }] }] } },
    },
  });
  await inCluster('POST', `/api/v1/namespaces/${project}/services`, {
    metadata: { name: 'old-svc' },
    spec: { selector: labels, ports: [{ port: 80 }] },
  });
  await expect.poll(async () => (await podsOfOld()).length, { timeout: 30_000 }).toBe(2);
}

async function podsOfOld(): Promise<string[]> {
  const list = (await inCluster('GET', `/api/v1/namespaces/${project}/pods?labelSelector=app%3Dold`)) as {
    items: { metadata: { uid: string } }[];
  };
  return list.items.map(({ metadata }) => metadata.uid).sort();
}
