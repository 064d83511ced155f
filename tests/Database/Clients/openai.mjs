import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { run, refused } from './case.mjs';

const model = 'gpt-6-luna', effort = 'low';
const at = ({ address, key }, more) => new OpenAI({ baseURL: `${address}v1`, apiKey: key, ...more });
const messages = [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Explain the plan.' }];
const look_up = { name: 'look_up', parameters: { type: 'object', properties: { word: { type: 'string' } } } };

const chatUsage = ({ prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details }) => {
  const cached = prompt_tokens_details?.cached_tokens ?? 0;
  return { model, input: prompt_tokens - cached, cached, output: completion_tokens,
    reasoning: completion_tokens_details?.reasoning_tokens ?? 0 };
};

const responsesUsage = ({ input_tokens, output_tokens, input_tokens_details, output_tokens_details }) => {
  const cached = input_tokens_details.cached_tokens;
  return { model, input: input_tokens - cached, cached, output: output_tokens,
    reasoning: output_tokens_details.reasoning_tokens };
};

async function chat(client) {
  const whole = await client.chat.completions.create({ model, messages, reasoning_effort: effort });
  assert.ok(whole.choices[0].message.content.length > 20);
  assert.ok(whole.usage.completion_tokens_details.reasoning_tokens > 0);
  return whole;
}

async function chatStream(client, options) {
  const stream = await client.chat.completions.create(
    { model, messages, reasoning_effort: effort, stream: true, ...options });
  let text = '', usage;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  return { text, usage };
}

await run({
  async chat(to) { return [chatUsage((await chat(at(to))).usage)]; },

  async stream(to) {
    const whole = await chat(at(to));
    const streamed = await chatStream(at(to), { stream_options: { include_usage: true } });
    assert.equal(streamed.text, whole.choices[0].message.content);
    return [chatUsage(whole.usage), chatUsage(streamed.usage)];
  },

  // The client is told no usage, so it is that of the same answer in one piece.
  async streamWithoutUsage(to) {
    const whole = await chat(at(to));
    const streamed = await chatStream(at(to), {});
    assert.equal(streamed.text, whole.choices[0].message.content);
    assert.equal(streamed.usage, undefined);
    return [chatUsage(whole.usage), chatUsage(whole.usage)];
  },

  async tools(to) {
    const runner = at(to).chat.completions.runTools({ model,
      messages: [{ role: 'user', content: 'Look it up. [tool]' }],
      tools: [{ type: 'function', function: { ...look_up, parse: JSON.parse, function: () => 'It is forty-two.' } }],
    });
    const text = await runner.finalContent();
    assert.ok(text.length > 20);
    assert.equal(runner.messages.find(m => m.role === 'assistant').tool_calls[0].function.name, 'look_up');
    return runner.allChatCompletions().map(c => chatUsage(c.usage));
  },

  async responses(to) {
    const whole = await at(to).responses.create({ model, input: 'Explain the plan.', reasoning: { effort } });
    assert.ok(whole.output_text.length > 20);
    const stream = at(to).responses.stream({ model, input: 'Explain the plan.', reasoning: { effort } });
    let text = '';
    for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
    const last = await stream.finalResponse();
    assert.equal(text, whole.output_text);
    assert.equal(last.output_text, whole.output_text);
    return [responsesUsage(whole.usage), responsesUsage(last.usage)];
  },

  async responsesTools(to) {
    const asked = { model, tools: [{ type: 'function', strict: false, ...look_up }] };
    const input = [{ role: 'user', content: 'Look it up. [tool]' }];
    const first = await at(to).responses.create({ ...asked, input });
    const call = first.output.find(item => item.type === 'function_call');
    assert.equal(call.name, 'look_up');
    JSON.parse(call.arguments);
    const second = await at(to).responses.create({ ...asked, input: [...input, call,
      { type: 'function_call_output', call_id: call.call_id, output: 'It is forty-two.' }] });
    assert.ok(second.output_text.length > 20);
    return [responsesUsage(first.usage), responsesUsage(second.usage)];
  },

  async embeddings(to) {
    const model = 'text-embedding-3-small';
    const { data, usage } = await at(to).embeddings.create({ model, input: ['one', 'two'] });
    assert.deepEqual(data.map(d => d.embedding.length), [1536, 1536]);
    return [{ model, input: usage.prompt_tokens, output: 0 }];
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
    const whole = await at(to).chat.completions.create({ model, messages });
    assert.equal(whole.choices[0].message.content, "A stranger's answer, in so many words.");
    const streamed = await chatStream(at(to), { stream_options: { include_usage: true } });
    assert.equal(streamed.text, whole.choices[0].message.content);
    const { usage } = await at(to).responses.create({ model, input: 'Explain the plan.' });
    const called = await at(to).chat.completions.create({ model,
      messages: [{ role: 'user', content: 'Look it up' }], tools: [{ type: 'function', function: look_up }] });
    assert.deepEqual(JSON.parse(called.choices[0].message.tool_calls[0].function.arguments), { word: 'plan' });
    return [chatUsage(whole.usage), chatUsage(streamed.usage),
      { model, input: usage.input_tokens, output: usage.output_tokens }, chatUsage(called.usage)];
  },

  async refused(to) {
    for (const options of [{}, { stream: true }]) {
      const { sent, error } = await refused(
        more => at(to, more), client => client.chat.completions.create({ model, messages, ...options }));
      assert.equal(sent, 1);
      assert.ok(error instanceof OpenAI.APIError);
      assert.equal(error.status, 402);
      assert.equal(error.code, 'gateway.wallet_exhausted');
      assert.match(error.message, /Ask for a grant/);
    }
    return [];
  },
});
