import { expect, type Locator, type Page } from '@playwright/test';

/** Does what a person does to a page, and counts it: a click or a key that acts is one click, a field that is typed into is one field. */
export class CountedHand {
  private clicks = 0;
  private fields = 0;

  constructor(private readonly page: Page) {}

  async click(target: Locator): Promise<void> {
    this.clicks += 1;
    await target.click();
  }

  async press(key: string): Promise<void> {
    this.clicks += 1;
    await this.page.keyboard.press(key);
  }

  /** Types where the focus already is: getting it there by a click would be a click. */
  async type(focused: Locator, text: string): Promise<void> {
    this.fields += 1;
    await expect(focused).toBeFocused();
    await this.page.keyboard.type(text);
  }

  /** What was done since the last time it was asked. */
  done(): { clicks: number; fields: number } {
    const { clicks, fields } = this;
    this.clicks = 0;
    this.fields = 0;
    return { clicks, fields };
  }
}
