import assert from 'node:assert/strict';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { embed, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { run, refused } from './case.mjs';

const gpt = 'gpt-6-luna', claude = 'claude-haiku-4-5', prompt = 'Explain the plan.';
const settings = ({ address, key }, more) => ({ baseURL: `${address}v1`, apiKey: key, ...more });
const openai = (to, more) => createOpenAI(settings(to, more));
const anthropic = (to, more) => createAnthropic(settings(to, more));

const usageOf = (model, { inputTokenDetails, outputTokens, outputTokenDetails }) => ({
  model, input: inputTokenDetails.noCacheTokens, cached: inputTokenDetails.cacheReadTokens ?? 0,
  write5m: inputTokenDetails.cacheWriteTokens ?? 0, output: outputTokens,
  reasoning: outputTokenDetails.reasoningTokens ?? 0,
});

async function wholeAndStreamed(name, model) {
  const whole = await generateText({ model, prompt, maxOutputTokens: 900 });
  assert.ok(whole.text.length > 20);
  const streamed = streamText({ model, prompt, maxOutputTokens: 900 });
  let text = '';
  for await (const delta of streamed.textStream) text += delta;
  assert.equal(text, whole.text);
  return [usageOf(name, whole.usage), usageOf(name, await streamed.usage)];
}

async function withTools(name, model) {
  const answer = await generateText({ model, prompt: 'Look it up. [tool]', stopWhen: stepCountIs(3), tools: {
    look_up: tool({ inputSchema: jsonSchema({ type: 'object', properties: { word: { type: 'string' } } }),
      execute: async () => 'It is forty-two.' }) } });
  assert.equal(answer.steps[0].toolCalls[0].toolName, 'look_up');
  assert.ok(answer.text.length > 20);
  return answer.steps.map(step => usageOf(name, step.usage));
}

await run({
  chat: to => wholeAndStreamed(gpt, openai(to).chat(gpt)),
  responses: to => wholeAndStreamed(gpt, openai(to).responses(gpt)),
  messages: to => wholeAndStreamed(claude, anthropic(to)(claude)),
  chatTools: to => withTools(gpt, openai(to).chat(gpt)),
  responsesTools: to => withTools(gpt, openai(to).responses(gpt)),
  messagesTools: to => withTools(claude, anthropic(to)(claude)),

  // By a provider that is not ours, which says no more than it must.
  foreign: async to => [...await wholeAndStreamed(gpt, openai(to).chat(gpt)),
    ...await wholeAndStreamed(gpt, openai(to).responses(gpt)),
    ...await wholeAndStreamed(claude, anthropic(to)(claude))],

  async embed(to) {
    const model = 'text-embedding-3-small';
    const { embedding, usage } = await embed({ model: openai(to).embedding(model), value: 'one' });
    assert.equal(embedding.length, 1536);
    return [{ model, input: usage.tokens, output: 0 }];
  },

  async refused(to) {
    for (const make of [more => openai(to, more).chat(gpt), more => openai(to, more)(gpt),
      more => anthropic(to, more)(claude)]) {
      const { sent, error } = await refused(make, model => generateText({ model, prompt }));
      assert.equal(sent, 1);
      assert.equal(error.statusCode, 402);
      assert.match(error.message, /Ask for a grant/);
      assert.match(error.responseBody, /gateway\.wallet_exhausted/);
    }
    return [];
  },
});
