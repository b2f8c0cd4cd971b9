/** Imports as Node does, past the test runner, so that resolve hooks apply. @param {string} url */
module.exports = (url) => import(url)
