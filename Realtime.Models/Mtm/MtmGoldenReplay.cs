using Realtime.Models.Kernels;
using Realtime.Models.Verification;

namespace Realtime.Models.Mtm;

/// <summary>Plays a golden run into the live form bin by bin, and compares the rates it reads out.</summary>
internal static class MtmGoldenReplay
{
    private const string Session = "golden";

    // Rates are then per bin, as the references are.
    private const long BinNs = 1_000_000_000;

    /// <summary>With kept keys and values where the run's mask allows it, each bin; computed anew, the last bin.</summary>
    /// <param name="folder">The references.</param>
    /// <param name="run">The run.</param>
    /// <param name="mask">What its mask is called.</param>
    /// <param name="kernels">Arithmetic.</param>
    /// <param name="tolerance">Largest difference.</param>
    public static IEnumerable<VerifyCase> Run(GoldenFolder folder, MtmRun run, string mask, KernelSet kernels, double tolerance)
    {
        var reference = folder.Outputs.Doubles($"{run.Name}/f64/rates");
        if (run.Batch.Mask.IsCausal || (run.Batch.Mask.Forward == 0 && run.Weights.Config.Prefix == 0))
            yield return Case("mtm live", "rates", MtmLiveMode.Trial, onlyLast: false);
        yield return Case("mtm live, computed anew", "rates of the newest bin", MtmLiveMode.Sliding, onlyLast: true);

        VerifyCase Case(string name, string stage, MtmLiveMode mode, bool onlyLast) =>
            new($"{name} {run.Name} ({mask}), {kernels.Name}", [new VerifyStage(stage, Largest(run, mode, onlyLast, reference, kernels), tolerance)]);
    }

    private static double Largest(MtmRun run, MtmLiveMode mode, bool onlyLast, double[] reference, KernelSet kernels)
    {
        var batch = run.Batch;
        var session = new MtmSession { Word = Session, Row = batch.SessionRow, Stitcher = Session, Neurons = batch.Neurons };
        var settings = new MtmSettings
        {
            HyperParameters = run.Weights.Config,
            Sessions = [session],
            Session = Session,
            Prompt = batch.Prompt,
            Mode = mode,
            ContextBackward = batch.Mask.Backward,
            PrefixSeesBins = batch.Mask.PrefixSeesBins,
            Readout = MtmReadouts.Rates,
        };
        var stream = new MtmStream(new MtmModel(settings, session, run.Weights, null) { Hidden = new bool[batch.Neurons] }, BinNs, kernels);
        var answer = new float[batch.Neurons];
        double largest = 0;
        for (var sample = 0; sample < batch.Samples; sample++)
        {
            stream.Restart();
            var bins = batch.Valid.AsSpan(sample * batch.Bins, batch.Bins).IndexOf(false);
            if (bins < 0) bins = batch.Bins;
            for (var bin = 0; bin < bins; bin++)
            {
                var from = (sample * batch.Bins + bin) * batch.Neurons;
                stream.Step(batch.Counts.AsSpan(from, batch.Neurons), 0, lost: false, answer);
                if (onlyLast && bin < bins - 1) continue;
                for (var neuron = 0; neuron < answer.Length; neuron++)
                {
                    var difference = StageComparison.RelativeDifference(answer[neuron], reference[from + neuron]);
                    if (double.IsNaN(difference)) return double.NaN;
                    largest = Math.Max(largest, difference);
                }
            }
        }

        return largest;
    }
}
