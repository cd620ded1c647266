import { expect, type Locator, test } from '@playwright/test';
import { type Launched, launch } from './launch.ts';
import { begin } from './screen.ts';

/** In high contrast the system draws all colours: what is chosen must be told by more than a colour of ours. */

let launched: Launched;
test.afterEach(() => launched.close());

/** What the eye can tell one from another by, besides the weight of its letters. */
const look = (one: Locator): Promise<string> =>
  one.evaluate((element) => {
    const { borderBottomColor, borderLeftColor, outlineStyle, outlineColor } =
      getComputedStyle(element);
    return [borderBottomColor, borderLeftColor, outlineStyle, outlineColor].join(' ');
  });

test('the place, the choice and the step that are meant stand out', async () => {
  launched = await launch();
  const { page } = launched;
  await page.emulateMedia({ forcedColors: 'active' });
  const place = (name: string) =>
    page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name });
  await expect(place('Library')).toBeVisible();
  expect(await look(place('Library'))).not.toBe(await look(place('Record')));

  await page.keyboard.press('ControlOrMeta+k');
  const options = page.getByRole('dialog').getByRole('option');
  await expect(options.first()).toBeVisible();
  expect(await look(options.nth(0))).not.toBe(await look(options.nth(1)));
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: /^Restore the orders/ }).click();
  await begin(page);
  const row = (step: RegExp) => page.getByRole('button', { name: step }).first().locator('..');
  expect(await look(row(/The service is healthy/))).not.toBe(
    await look(row(/Damage the database/)),
  );

  const knob = (): Promise<string> =>
    page
      .getByRole('switch', { name: /Auto mode/ })
      .locator('span')
      .first()
      .evaluate((track) => {
        const { backgroundColor } = getComputedStyle(track, '::after');
        return `${backgroundColor} on ${getComputedStyle(track).backgroundColor}`;
      });
  const [colour, under] = (await knob()).split(' on ');
  expect(colour).not.toBe(under);
});
