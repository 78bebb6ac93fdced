using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Engine.Tests;

/// <summary>Answers the number of spikes in the window and the sum of their unit rows; can be slow, stateful or broken on demand.</summary>
internal sealed class CountingDecoder(long windowNs, long hopNs = 0, bool needsTrials = false) : IDecoder
{
    public DecoderDescription Description { get; } = new()
    {
        Name = "counting",
        Hash = "00",
        Units = UnitTable.Numbered(16),
        Outputs = [new OutputChannel("count", "spikes"), new OutputChannel("rows", "1")],
        WindowNs = windowNs,
        HopNs = hopNs,
        TargetNs = windowNs,
        Frames = new FrameShape(1, 2),
        NeedsTrials = needsTrials,
    };

    public int Calls { get; private set; }

    public int Resets { get; private set; }

    public Action? OnDecode { get; set; }

    public float? Instead { get; set; }

    /// <summary>What it was told between windows, in order.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Whether windows are noted too; notes allocate.</summary>
    public bool Tells { get; init; }

    /// <summary>Pieces of work that it finds to do ahead.</summary>
    public int Ahead { get; set; }

    public void BeginTrial(long dataNs) => Told.Add($"trial {dataNs / LoopRig.Ms}");

    public void TakeFrame(long dataNs, ReadOnlySpan<float> pixels) => Told.Add($"frame {dataNs / LoopRig.Ms} {pixels[0]}");

    public bool Prepare(in SpikeWindow soFar, long settledNs)
    {
        if (Ahead == 0) return false;
        Ahead--;
        Told.Add($"ahead {soFar.Units.Length} {settledNs / LoopRig.Ms}");
        return true;
    }

    public void Reset() => Resets++;

    public void Decode(in SpikeWindow window, Span<float> values)
    {
        Calls++;
        OnDecode?.Invoke();
        if (Tells) Told.Add(window.HasLoss ? $"decode {window.EndNs / LoopRig.Ms} loss" : $"decode {window.EndNs / LoopRig.Ms}");
        float sum = 0;
        foreach (var unit in window.Units) sum += unit;
        values[0] = Instead ?? window.Units.Length;
        values[1] = Instead is { } all && float.IsNaN(all) ? all : sum;
    }
}
