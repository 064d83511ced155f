import assert from 'node:assert/strict';
import { GoogleGenAI } from '@google/genai';
import { run } from './case.mjs';

const model = 'gemini-3.8-flash';
const at = ({ address, key }) => new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: address } });
const asked = { model, contents: 'Explain the plan.', config: {
  systemInstruction: 'Be brief.', maxOutputTokens: 900, thinkingConfig: { thinkingBudget: 64 } } };

const usageOf = ({ promptTokenCount, cachedContentTokenCount: cached = 0, candidatesTokenCount = 0,
  thoughtsTokenCount: reasoning = 0 }) =>
  ({ model, input: promptTokenCount - cached, cached, output: candidatesTokenCount + reasoning, reasoning });

await run({
  // The stream must not show the report in its last chunk.
  async stream(to) {
    const whole = await at(to).models.generateContent(asked);
    let text = '', last;
    for await (const chunk of await at(to).models.generateContentStream(asked)) {
      assert.ok(!('guerdon' in chunk));
      text += chunk.text ?? '';
      last = chunk;
    }
    assert.ok(whole.text.length > 20);
    assert.equal(text, whole.text);
    assert.ok(whole.usageMetadata.thoughtsTokenCount > 0);
    assert.deepEqual(last.usageMetadata, whole.usageMetadata);
    return [usageOf(whole.usageMetadata), usageOf(last.usageMetadata)];
  },

  async chat(to) {
    const chat = at(to).chats.create({ model });
    let last;
    for await (const chunk of await chat.sendMessageStream({ message: 'Hello' })) last = chunk;
    assert.equal(chat.getHistory().length, 2);
    return [usageOf(last.usageMetadata)];
  },

  async tools(to) {
    const answer = await at(to).models.generateContent({ model, contents: 'Look it up. [tool]', config: { tools: [
      { functionDeclarations: [{ name: 'look_up', parameters: { type: 'OBJECT', properties: {} } }] }] } });
    assert.equal(answer.functionCalls[0].name, 'look_up');
    return [usageOf(answer.usageMetadata)];
  },

  async models(to) {
    const names = [];
    for await (const listed of await at(to).models.list()) names.push(listed.name);
    assert.ok(names.includes('models/gemini-2.5-pro'));
    assert.equal((await at(to).models.get({ model })).name, `models/${model}`);
    assert.ok((await at(to).models.countTokens({ model, contents: 'Hi' })).totalTokens > 0);
    return [];
  },

  async refused(to) {
    await assert.rejects(at({ ...to, key: 'nobody' }).models.generateContent(asked), { status: 401 });
    await assert.rejects(at(to).models.generateContent(asked),
      error => error.status === 402 && error.message.includes('Ask for a grant'));
    return [];
  },
});
