using Realtime.Models.Differentiation;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>Upstream's loss of some windows, recorded on a tape. Stateless; any thread.</summary>
/// <remarks>The contrastive loss compares the windows of one call with each other: a batch that is worked off in parts has its negatives within each part.</remarks>
public static class NeuroformerLoss
{
    /// <param name="tape">Begun by the caller.</param>
    /// <param name="network">What is trained.</param>
    /// <param name="samples">A batch, or a part of one (<see cref="NeuroformerSample.Batch"/>).</param>
    /// <param name="weights">Of the parts.</param>
    /// <param name="scale">One over the windows of the whole batch.</param>
    /// <returns>The loss's share of these windows.</returns>
    public static NeuroformerLossParts Run(Tape tape, NeuroformerTrainable network, IReadOnlyList<NeuroformerSample> samples, NeuroformerLossWeights weights, double scale)
    {
        NeuroformerWindow[] windows = [.. samples.Select(sample => sample.Window)];
        var pass = network.Forward(tape, windows);
        var (id, dt) = weights.Id > 0 || weights.Dt > 0 ? Tokens(tape, network, pass, samples, weights, scale) : default;
        return new NeuroformerLossParts(id, dt,
            weights.Contrastive > 0 ? Contrast(tape, network, pass, windows, weights.Contrastive * scale * samples.Count) : 0,
            weights.Behavior > 0 ? Behavior(tape, network, pass, samples, weights.Behavior * scale) : 0);
    }

    private static (double Id, double Dt) Tokens(
        Tape tape, NeuroformerTrainable network, NeuroformerPass pass, IReadOnlyList<NeuroformerSample> samples, NeuroformerLossWeights weights, double scale)
    {
        // PAD takes no part, so its logits are not computed.
        var length = network.Config.BlockId;
        int[] rows = [.. samples.SelectMany((sample, window) => Enumerable.Range(0, length).Where(at => sample.Ids[at] >= 0).Select(at => window * length + at))];
        float[] shares = [.. rows.Select(row => (float)samples[row / length].TokenShare)];
        var last = tape.Rows(pass.Last, rows);
        return (
            weights.Id > 0 ? tape.CrossEntropyLoss(network.IdLogits(tape, last), [.. rows.Select(row => samples[row / length].Ids[row % length])], shares, weights.Id * scale) : 0,
            weights.Dt > 0 ? tape.CrossEntropyLoss(network.DtLogits(tape, last), [.. rows.Select(row => samples[row / length].Times[row % length])], shares, weights.Dt * scale) : 0);
    }

    private static double Contrast(Tape tape, NeuroformerTrainable network, NeuroformerPass pass, NeuroformerWindow[] windows, double scale)
    {
        var features = network.Contrast(tape, pass, windows);
        var pairs = features.Count * (features.Count - 1) / 2;
        double sum = 0;
        for (var i = 0; i < features.Count; i++)
            for (var j = i + 1; j < features.Count; j++) sum += tape.ContrastiveLoss(features[i], features[j], network.Config.ClipTemp, scale / pairs);
        return sum;
    }

    private static double Behavior(Tape tape, NeuroformerTrainable network, NeuroformerPass pass, IReadOnlyList<NeuroformerSample> samples, double scale)
    {
        float[] shares = [.. samples.Select(sample => (float)(sample.LabelShare * sample.LabelWeight))];
        var (sum, label) = (0.0, 0);
        for (var group = 0; group < network.Config.Groups.Count; group++)
        {
            var variables = network.Config.Groups[group].Variables;
            for (var variable = 0; variable < variables.Count; variable++)
            {
                if (!variables[variable].Predict) continue;
                var at = label++;
                var prediction = network.Predict(tape, pass, group, variable);
                sum += variables[variable].Classes == 0
                    ? tape.Loss(prediction, [.. samples.Select(sample => sample.Labels[at])], shares, LossKind.Squared, scale)
                    : tape.CrossEntropyLoss(prediction, [.. samples.Select(sample => Class(sample.Labels[at]))], shares, scale);
            }
        }

        return sum;
    }

    private static int Class(float label) => float.IsNaN(label) ? -1 : (int)label;
}
