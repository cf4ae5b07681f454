// SPDX-License-Identifier: GPL-3.0-or-later
// Suggests how the word under the cursor may go on. The page works without it. Only the last few characters before the
// cursor are sent, in the body of a request.
(function () {
  'use strict';
  var box = document.getElementById('q'), list = document.getElementById('suggest');
  if (!box || !list || !window.fetch) return;
  var timer = 0, asked = 0, composing = false;

  function hide() { list.hidden = true; list.textContent = ''; }

  function take(word, replaced) {
    var at = box.selectionStart, before = Array.from(box.value.slice(0, at));
    var head = before.slice(0, before.length - replaced).join('') + word;
    box.value = head + box.value.slice(at);
    box.focus();
    box.setSelectionRange(head.length, head.length);
    hide();
  }

  function show(answer) {
    hide();
    answer.words.forEach(function (word) {
      var item = document.createElement('li'), button = document.createElement('button');
      button.type = 'button';
      button.className = 'chip drop';
      button.textContent = word;
      button.addEventListener('click', function () { take(word, answer.replaced); });
      item.appendChild(button);
      list.appendChild(item);
    });
    list.hidden = answer.words.length === 0;
  }

  function ask() {
    var end = Array.from(box.value.slice(0, box.selectionStart)).slice(-12).join(''), mine = ++asked;
    if (end.trim() === '') { hide(); return; }
    fetch('/api/v1/suggest', { method: 'POST', headers: { 'Content-Type': 'application/json' },
                               body: JSON.stringify({ text: end }) })
      .then(function (reply) { return reply.ok ? reply.json() : { words: [] }; })
      .then(function (answer) { if (mine === asked) show(answer); })
      .catch(hide);
  }

  box.addEventListener('compositionstart', function () { composing = true; });
  box.addEventListener('compositionend', function () { composing = false; box.dispatchEvent(new Event('input')); });
  box.addEventListener('input', function () {
    clearTimeout(timer);
    if (!composing) timer = setTimeout(ask, 200);
  });
  box.addEventListener('keydown', function (event) { if (event.key === 'Escape') hide(); });
})();
