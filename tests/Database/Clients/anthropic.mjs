import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { run, refused } from './case.mjs';

const model = 'claude-haiku-4-5';
const at = ({ address, key }, more) => new Anthropic({ baseURL: address, apiKey: key, ...more });
const asked = { model, max_tokens: 4_000, system: 'Be brief.',
  messages: [{ role: 'user', content: 'Explain the plan.' }], thinking: { type: 'enabled', budget_tokens: 1_024 } };
const look_up = { name: 'look_up', input_schema: { type: 'object', properties: { word: { type: 'string' } } } };

const usageOf = ({ input_tokens, output_tokens, cache_read_input_tokens, cache_creation, output_tokens_details }) => ({
  model, input: input_tokens, output: output_tokens, cached: cache_read_input_tokens ?? 0,
  write5m: cache_creation?.ephemeral_5m_input_tokens ?? 0, write1h: cache_creation?.ephemeral_1h_input_tokens ?? 0,
  reasoning: output_tokens_details?.thinking_tokens ?? 0,
});
const textOf = message => message.content.filter(b => b.type === 'text').map(b => b.text).join('');

await run({
  async messages(to) {
    const whole = await at(to).messages.create(asked);
    assert.ok(textOf(whole).length > 20);
    assert.equal(whole.content[0].type, 'thinking');
    return [usageOf(whole.usage)];
  },

  async stream(to) {
    const whole = await at(to).messages.create(asked);
    const stream = at(to).messages.stream(asked);
    let text = '';
    stream.on('text', delta => { text += delta; });
    const last = await stream.finalMessage();
    assert.equal(text, textOf(whole));
    assert.deepEqual(last.content, whole.content);
    return [usageOf(whole.usage), usageOf(last.usage)];
  },

  // The first call writes the prompt's start to the cache, the second reads it.
  async cache(to) {
    const long = { ...asked, system: [{ type: 'text', text: `For ${to.key}: ${'a rule that is kept. '.repeat(900)}`,
      cache_control: { type: 'ephemeral' } }] };
    const first = await at(to).messages.create(long);
    const second = await at(to).messages.stream(long).finalMessage();
    assert.ok(first.usage.cache_creation_input_tokens > 1_000);
    assert.equal(second.usage.cache_read_input_tokens, first.usage.cache_creation_input_tokens);
    return [usageOf(first.usage), usageOf(second.usage)];
  },

  async tools(to) {
    const call = { ...asked, messages: [{ role: 'user', content: 'Look it up. [tool]' }], tools: [look_up] };
    const first = await at(to).messages.stream(call).finalMessage();
    const use = first.content.find(b => b.type === 'tool_use');
    assert.equal(use.name, 'look_up');
    assert.equal(typeof use.input, 'object');
    assert.equal(first.stop_reason, 'tool_use');
    const second = await at(to).messages.create({ ...call, messages: [...call.messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: 'It is forty-two.' }] }] });
    assert.ok(textOf(second).length > 20);
    return [usageOf(first.usage), usageOf(second.usage)];
  },

  // Counting is free, and so is listing.
  async count(to) {
    const { max_tokens, ...prompt } = asked;
    assert.ok((await at(to).messages.countTokens(prompt)).input_tokens > 0);
    return [];
  },

  async models(to) {
    const ids = [];
    for await (const listed of at(to).models.list()) ids.push(listed.id);
    assert.ok(ids.includes(model));
    assert.equal((await at(to).models.retrieve(model)).id, model);
    return [];
  },

  // By a provider that is not ours, which says no more than it must.
  async foreign(to) {
    const whole = await at(to).messages.create(asked);
    assert.equal(textOf(whole), "A stranger's answer, in so many words.");
    const last = await at(to).messages.stream(asked).finalMessage();
    assert.equal(textOf(last), textOf(whole));
    const called = await at(to).messages.create(
      { ...asked, messages: [{ role: 'user', content: 'Look it up' }], tools: [look_up] });
    assert.deepEqual(called.content.find(b => b.type === 'tool_use').input, { word: 'plan' });
    return [usageOf(whole.usage), usageOf(last.usage), usageOf(called.usage)];
  },

  async refused(to) {
    for (const options of [{}, { stream: true }]) {
      const { sent, error } = await refused(
        more => at(to, more), client => client.messages.create({ ...asked, ...options }));
      assert.equal(sent, 1);
      assert.ok(error instanceof Anthropic.APIError);
      assert.equal(error.status, 402);
      assert.equal(error.error.error.code, 'gateway.wallet_exhausted');
      assert.match(error.message, /Ask for a grant/);
    }
    return [];
  },
});
