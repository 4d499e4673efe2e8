// What went wrong, in words: for dialogs and for the place where something should have been.

import { html, nothing } from 'lit';

/** A template for an error of api.js, or any other. */
export function problemView(error) {
  const [title, detail] = wordsOf(error);
  return html`<p class="problem"><b>${title}</b>${detail ? html` <span>${detail}</span>` : nothing}</p>`;
}

/** [title, detail] */
export function wordsOf(error) {
  switch (error.status) {
    case undefined:
      return ['Something went wrong in this page', error.message];
    case 0:
      return ['The server does not answer', 'Nothing is lost: try again when it is back.'];
    case 401:
      return ['You are not signed in any more', 'Sign in, then try again: what you have typed stays.'];
    default:
      return [error.title, error.detail];
  }
}
