// Every address of the app, and the heading that tells where one is.
import { words } from './words.ts';

export interface Route {
  path: string;
  heading: string;
}

/** Each page once, on a phone where nothing has been made yet. */
export const ROUTES: Route[] = [
  { path: '/', heading: 'Safe Place' },
  { path: '/help', heading: words('help').title },
  { path: '/help/cope', heading: words('help').cope_title },
  { path: '/help/near', heading: words('lost').near_title },
  { path: '/help/text', heading: words('lost').text_title },
  { path: '/help/lost', heading: words('lost').stay_title },
  { path: '/help/lost/contact', heading: words('lost').contact_title },
  { path: '/help/lost/ask', heading: words('lost').ask_title },
  { path: '/help/lost/near', heading: words('lost').where_title },
  { path: '/help/lost/places', heading: words('lost').places_title },
  { path: '/card/usual-places', heading: words('usual').title },
  { path: '/card', heading: words('card').empty_title },
  { path: '/card/keep', heading: words('keep').all_title },
  { path: '/card/paper', heading: words('keep').paper },
  { path: '/card/picture', heading: words('keep').picture },
  { path: '/card/phone', heading: words('keep').phone },
  { path: '/card/scan', heading: words('keep').scan },
  { path: '/card/backup', heading: words('keep').backup_title },
  { path: '/card/practise', heading: words('practise').door_title },
  { path: '/card/practise/ask', heading: words('practise').ask_title },
  { path: '/card/practise/call', heading: words('practise').call_title },
  { path: '/card/board', heading: words('board').title },
  { path: '/card/edit', heading: words('card_edit').title },
  { path: '/card/edit/may', heading: words('card_edit').title_may },
  { path: '/card/edit/symbols', heading: words('card_edit').title_symbols },
  { path: '/card/edit/photo', heading: words('card_edit').title_photo },
  { path: '/card/edit/contacts', heading: words('card_edit').title_contacts },
  { path: '/card/edit/calms', heading: words('card_edit').title_calms },
  { path: '/card/edit/issuer', heading: words('card_edit').title_issuer },
  { path: '/card/edit/check', heading: words('card_edit').title_check },
  { path: '/card/more', heading: words('card_edit').more },
  { path: '/card/carer', heading: words('card_edit').carer_title },
  { path: '/places', heading: words('places').title },
  { path: '/places/hawthorns-house', heading: 'Hawthorns House' },
  { path: '/report', heading: words('report').before_title },
  { path: '/report/paper', heading: words('report').paper_title },
  { path: '/reports', heading: words('reports').title },
  { path: '/mailbox', heading: words('mailbox').title },
  { path: '/hope', heading: words('hope').title },
  { path: '/settings', heading: words('settings').title },
  { path: '/settings/locks', heading: words('locks').title },
  { path: '/card/private', heading: words('private').title },
  { path: '/nowhere/at-all', heading: words('unknown').title },
];

/** How the links begin that must be there before the app is, and when it never comes. */
export const CRISIS_LINKS = ['tel:999', 'tel:101', 'tel:111', 'tel:116123', 'sms:85258'];
