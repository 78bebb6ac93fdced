using Realtime.Engine.Numerics;
using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// Trials in batches of one session each; order, prompt, region and masks are drawn anew in every epoch, as functions of seed, epoch and step
/// alone. One thread.
/// </summary>
public sealed class MtmBatches : IBatches<MtmTrial>
{
    private const ulong OrderPurpose = 0x6F72646572;
    private const ulong MaskPurpose = 0x6D61736B;

    private readonly IReadOnlyList<MtmRecording> _recordings;
    private readonly MtmRecipe _recipe;
    private readonly MtmRecordedTrial[][] _trials;
    private readonly int[] _steps;
    private (int Session, int[] Trials)[] _order = [];
    private int _epoch = -1;

    /// <param name="recordings">In the network's order.</param>
    /// <param name="recipe">Batch size, prompts, masks, seed.</param>
    /// <param name="withValid">Whether validation trials are taken as well.</param>
    public MtmBatches(IReadOnlyList<MtmRecording> recordings, MtmRecipe recipe, bool withValid)
    {
        (_recordings, _recipe) = (recordings, recipe);
        _trials = [.. recordings.Select(recording => (MtmRecordedTrial[])[.. recording.Train, .. withValid ? recording.Valid : []])];
        _steps = [.. _trials.Select(trials => (trials.Length + recipe.BatchTrials - 1) / recipe.BatchTrials)];
        StepsPerEpoch = _steps.Sum();
    }

    /// <inheritdoc/>
    public int StepsPerEpoch { get; }

    /// <inheritdoc/>
    public IReadOnlyList<MtmTrial> Batch(int epoch, int step)
    {
        if (epoch != _epoch) (_order, _epoch) = (Order(epoch), epoch);
        var (session, trials) = _order[step];
        var recording = _recordings[session];
        var random = new PortableRandom((ulong)_recipe.Seed, MaskPurpose << 32 ^ (ulong)epoch << 24 ^ (ulong)step);
        var prompt = DrawPrompt(recording, random);
        var region = prompt is MtmPrompt.InterRegion or MtmPrompt.IntraRegion ? recording.Regions[random.Below(recording.Regions.Count)] : null;
        return [.. trials.Select(trial => MtmMasking.Draw(session, recording, _trials[session][trial], prompt, region, _recipe.MaskRates, random))];
    }

    private MtmPrompt DrawPrompt(MtmRecording recording, PortableRandom random)
    {
        double[] shares = [.. _recipe.PromptShares];
        if (recording.Regions.Count < 2) shares[(int)MtmPrompt.InterRegion] = shares[(int)MtmPrompt.IntraRegion] = 0;
        var place = random.Uniform() * shares.Sum();
        for (var prompt = 0; prompt < shares.Length; prompt++)
        {
            place -= shares[prompt];
            if (place < 0) return (MtmPrompt)prompt;
        }

        return (MtmPrompt)Array.FindLastIndex(shares, share => share > 0);
    }

    /// <summary>Every trial once: each session's in an order of its own, dealt to its batches, and the batches of all sessions mixed.</summary>
    private (int Session, int[] Trials)[] Order(int epoch)
    {
        var random = new PortableRandom((ulong)_recipe.Seed, OrderPurpose << 24 ^ (ulong)epoch);
        var batches = new List<(int Session, int[] Trials)>();
        for (var session = 0; session < _trials.Length; session++)
        {
            int[] order = [.. Enumerable.Range(0, _trials[session].Length)];
            Shuffle(order, random);
            for (var step = 0; step < _steps[session]; step++)
                batches.Add((session, [.. order.Where((_, place) => place % _steps[session] == step)]));
        }

        var all = batches.ToArray();
        Shuffle(all, random);
        return all;
    }

    private static void Shuffle<T>(T[] items, PortableRandom random)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = random.Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
