export { expiryChoices } from './expiry-choices.ts'
export { renderDetailFields, renderFormPage } from './form-page.ts'
export { createFormPost } from './form-post.ts'
export { prefillFrom } from './prefill.ts'
