import { admin, expect, fresh, signIn, test } from './fixtures';

test('a wrong password says so beside the form, and an unknown name says the same', async ({ page }) => {
  await page.goto('/sign-in');
  const said: (string | null)[] = [];
  for (const name of [admin.name, 'nobody-of-this-name']) {
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    const answered = page.waitForResponse('**/api/v1/auth/sign-in');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await answered;
    said.push(await page.locator('form').getByRole('alert').locator('p').first().textContent());
  }
  expect(said[0]).toContain('wrong');
  expect(said[1]).toBe(said[0]);
});

test('sign-in goes on to the page that was wanted, and signing out closes it', async ({ page }) => {
  await page.goto('/audit?outcome=refused');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel('Name', { exact: true }).fill(admin.name);
  await page.getByLabel('Password', { exact: true }).fill(admin.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/audit\?outcome=refused/);
  await expect(page.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible();
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/audit');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a link cannot lead to another site after signing in', async ({ page }) => {
  await page.goto('/sign-in?next=https://evil.example/');
  await page.getByLabel('Name', { exact: true }).fill(admin.name);
  await page.getByLabel('Password', { exact: true }).fill(admin.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/');
});

test('a new user changes the generated password first, and sees what is theirs: nothing, with the reason', async ({ page, browser }) => {
  const name = fresh('ana');
  await signIn(page, admin, '/settings/users');
  await page.getByRole('button', { name: 'Create user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByRole('button', { name: `Create ${name}` }).click();
  const generated = (await page.getByTestId('new-password').textContent()) ?? '';
  expect(generated.length).toBeGreaterThanOrEqual(12);
  await page.getByRole('button', { name: 'I have passed it on' }).click();
  await expect(page.getByRole('button', { name: `Acts on ${name}` })).toBeVisible();

  const context = await browser.newContext();
  const theirs = await context.newPage();
  await theirs.goto('/sign-in');
  await theirs.getByLabel('Name', { exact: true }).fill(name);
  await theirs.getByLabel('Password', { exact: true }).fill(generated);
  await theirs.getByRole('button', { name: 'Sign in' }).click();
  await expect(theirs.getByRole('heading', { name: 'Choose a password' })).toBeVisible();
  await theirs.getByLabel('Current password').fill(generated);
  await theirs.getByLabel('New password').fill('a few words in a row');
  await theirs.getByRole('button', { name: 'Change password' }).click();
  await expect(theirs.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  await expect(theirs.getByText('You are in no project yet')).toBeVisible();
  await expect(theirs.getByRole('link', { name: 'Settings' })).toHaveCount(0);
  await theirs.goto('/projects');
  const create = theirs.getByRole('button', { name: 'Create project' });
  await expect(create).toHaveAttribute('aria-disabled', 'true');
  await create.focus();
  await expect(theirs.getByText('Creating projects takes platform admin')).toBeVisible();
  await context.close();
});

test('a session that ends asks in a dialog and keeps what was typed', async ({ page }) => {
  await signIn(page, admin, '/audit');
  await page.getByLabel('Who', { exact: true }).fill('ana');
  await expect(page).toHaveURL(/actor=ana/);
  await page.context().clearCookies();
  await page.getByLabel('Act', { exact: true }).fill('apps.*');
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Password').fill(admin.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel('Act', { exact: true })).toHaveValue('apps.*');
  await expect(page.getByLabel('Who', { exact: true })).toHaveValue('ana');
});
