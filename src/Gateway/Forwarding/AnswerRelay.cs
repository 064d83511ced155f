using System.Buffers;
using System.Globalization;
using Guerdon.Bounds.Edits;
using Guerdon.Dialects.Readings;
using Guerdon.Kernel;
using Guerdon.Metering.Requests;
using Guerdon.Relay.Answers;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Gateway.Forwarding;

/// <summary>Takes a provider's answer back to the caller, reads its usage on the way and settles the call.</summary>
internal static class AnswerRelay
{
    private const int ReadBytes = 32_768;

    /// <param name="exchange">The call.</param>
    /// <param name="response">Its answer, of which the head is read.</param>
    /// <param name="patience">Ends the wait for the provider, not for the caller or the record.</param>
    public static async Task RelayAsync(
        Exchange exchange, HttpResponseMessage response, CancellationToken patience)
    {
        var upstream = await response.Content.ReadAsStreamAsync(patience);
        var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        isStream |= exchange.Taken.Facts.Api.IsArray && response.IsSuccessStatusCode;
        if (isStream && IsReadable(response)) await StreamRelay.RelayAsync(exchange, response, upstream, patience);
        else await BodyAsync(exchange, response, upstream, patience);
    }

    /// <summary>Refuses a call that was admitted, in its caller's format.</summary>
    public static async Task RefuseAsync(Exchange exchange, Refused refused)
    {
        await exchange.IsOpenedAsync(); // on record before its first byte, like any answer; a refusal goes out anyway
        if (!exchange.CallerLeft)
            await CallerShape.RefuseAsync(exchange.Http, exchange.Dialect, refused, exchange.RequestId);
    }

    /// <summary>Status and headers of the answer. Nothing leaves yet.</summary>
    public static void CopyHead(Exchange exchange, HttpResponseMessage response)
    {
        var to = exchange.Http.Response;
        to.StatusCode = (int)response.StatusCode;
        HeaderRules.CopyDown(response, to.Headers);
        if (exchange.RequestId is { } id) to.Headers["x-guerdon-request-id"] = id;
        if (exchange.CappedTo is { } cap)
            to.Headers["x-guerdon-capped-to"] = cap.ToString(CultureInfo.InvariantCulture);
        if (exchange.Lowered is { } lowered) to.Headers[PlanEdits.Header] = lowered;
    }

    /// <summary>Withdraws a call whose opening is not on disk: its answer may not be shown.</summary>
    public static Task WithdrawAsync(Exchange exchange)
    {
        exchange.SettleFree(Outcome.Withdrawn, GatewayRefusals.Unavailable.Status);
        exchange.Http.Response.Clear();
        return RefuseAsync(exchange, GatewayRefusals.Unavailable.With("The request could not be recorded."));
    }

    public static bool IsCut(Exception e) => e is IOException or HttpRequestException or OperationCanceledException;

    // Providers are asked for uncompressed bytes. One that compresses them anyway cannot be
    // read, so it is relayed as it is.
    private static bool IsReadable(HttpResponseMessage response) =>
        !response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var coding)
        || coding.ToString() is "identity" or "";

    // Read whole before the first byte goes out, so that the cost can stand in the head.
    private static async Task BodyAsync(
        Exchange exchange, HttpResponseMessage response, Stream upstream, CancellationToken patience)
    {
        var most = exchange.Gateway.Options.MaxBufferedBytes;
        var known = response.Content.Headers.ContentLength;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(known ?? ReadBytes, most));
        var length = 0;
        try
        {
            while (known is null || length < known)
            {
                if (length == buffer.Length && length >= most)
                {
                    await LongBodyAsync(exchange, response, upstream, buffer.AsMemory(0, length), patience);
                    return;
                }

                if (length == buffer.Length) buffer = Grow(buffer, length);
                exchange.AwaitProvider();
                var read = await upstream.ReadAsync(buffer.AsMemory(length), patience);
                if (read == 0) break;
                length += read;
                exchange.ResponseBytes = length;
            }

            await WholeBodyAsync(exchange, response, buffer.AsMemory(0, length));
        }
        catch (Exception e) when (IsCut(e) && !exchange.Http.Response.HasStarted)
        {
            var refused = exchange.IsEnded
                ? GatewayStop.Refused()
                : GatewayRefusals.UpstreamCut.With($"{exchange.Provider.Name} broke off.");
            exchange.NoteEnd(default, (int)response.StatusCode, isWhole: false);
            exchange.Settle(new UsageReading { DeliveredBytes = length }, Outcome.Cut, refused.Refusal.Status);
            await RefuseAsync(exchange, refused);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static async Task WholeBodyAsync(Exchange exchange, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var reading = default(UsageReading);
        if (IsReadable(response)) AnswerReader.ReadBody(exchange.Dialect, body.Span, ref reading);
        else reading.DeliveredBytes = body.Length;
        exchange.NoteEnd(reading, (int)response.StatusCode, isWhole: true);

        if (!await exchange.IsOpenedAsync())
        {
            await WithdrawAsync(exchange);
            return;
        }

        var report = SettleBody(exchange, response, reading);
        CopyHead(exchange, response);
        report?.WriteHeaders(exchange.Http.Response.Headers);
        exchange.Http.Response.ContentLength = body.Length;
        await exchange.Http.Response.BodyWriter.WriteAsync(body);
    }

    // An error costs nothing unless its provider says that it does, since providers do not charge for errors.
    private static CostReport? SettleBody(Exchange exchange, HttpResponseMessage response, in UsageReading reading)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode) return exchange.Settle(reading, Outcome.Answered, status);
        var isCharged = reading.Input + reading.CacheRead + reading.CacheWrite + reading.Output > 0;
        return isCharged
            ? exchange.Settle(reading, Outcome.ProviderError, status)
            : exchange.SettleFree(Outcome.ProviderError, status);
    }

    // Relayed as it comes, because it is too long to be held back; its end settles it.
    private static async Task LongBodyAsync(
        Exchange exchange, HttpResponseMessage response, Stream upstream, ReadOnlyMemory<byte> begun,
        CancellationToken patience)
    {
        exchange.NoteContent(default, (int)response.StatusCode); // no error is that long
        CopyHead(exchange, response);
        if (!await exchange.IsOpenedAsync())
        {
            await WithdrawAsync(exchange);
            return;
        }

        var isCut = false;
        long drained = 0;
        var tail = new AnswerTail();
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            await exchange.WriteAsync(begun);
            while (true)
            {
                exchange.AwaitProvider();
                var read = await upstream.ReadAsync(buffer, patience);
                if (read == 0) break;
                exchange.ResponseBytes += read;
                tail.Add(buffer.AsSpan(0, read));
                if (exchange.CallerLeft && (drained += read) > exchange.Gateway.Options.DrainBytes)
                {
                    exchange.GiveUp();
                    isCut = true;
                    break;
                }

                await exchange.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (IsCut(e))
        {
            isCut = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var reading = new UsageReading { DeliveredBytes = exchange.ResponseBytes };
        if (IsReadable(response)) tail.Read(exchange.Dialect, ref reading);
        exchange.NoteEnd(default, (int)response.StatusCode, isWhole: !isCut);
        // What an answer used may stand in its unread beginning, so it is doubtful; only an answer
        // in bulk has nothing else there.
        if (!exchange.Taken.Facts.Api.AnswersInBulk)
            reading.Note(Doubts.Unread, "the answer's beginning", 1);
        if (isCut) exchange.Settle(reading, Outcome.Cut, (int)response.StatusCode);
        else SettleBody(exchange, response, reading);
        if (isCut) exchange.Http.Abort(); // the caller must not take half an answer for a whole one
    }
}
