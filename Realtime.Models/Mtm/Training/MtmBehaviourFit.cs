using MathNet.Numerics.LinearAlgebra;
using Realtime.Engine.Decoding;
using Realtime.Models.Scores;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Mtm.Training;

/// <summary>Fits behaviour heads by ridge regression on standardised states. One thread.</summary>
internal static class MtmBehaviourFit
{
    // Beyond this the equations take minutes.
    private const int MostUnknowns = 4000;

    /// <summary>The head that predicts the validation trials best.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="recipe">How.</param>
    /// <param name="statesOf">States of some trials under the causal prompt.</param>
    /// <param name="width">Of a state.</param>
    /// <param name="note">Told why there is no head, and where the chosen penalty is an edge of the grid.</param>
    /// <returns>Null where there is no behaviour to learn.</returns>
    public static MtmBehaviourHead? Fit(
        MtmRecording recording, MtmHeadRecipe recipe, Func<IReadOnlyList<MtmRecordedTrial>, float[][]> statesOf, int width, Action<string>? note)
    {
        var session = recording.Session;
        var outputs = Outputs(recording, recipe);
        if (outputs.Count == 0)
        {
            note?.Invoke($"Session '{session.Name}' has no behaviour channel that varies in training: the model answers rates.");
            return null;
        }

        var behaviour = new BehaviourMeans(session, TargetSources.For(outputs, session.Behaviour), (long)Math.Round(recipe.TargetMs * 1e6));
        var (train, valid) = (statesOf(recording.Train), statesOf(recording.Valid));
        MtmBehaviourHead? best = null;
        foreach (var bins in recipe.Bins)
        {
            var fitted = new MtmBehaviourSamples(recording.Train, train, width, behaviour, recording.BinNs, bins, recipe.OnePerTrial);
            var judged = new MtmBehaviourSamples(recording.Valid, valid, width, behaviour, recording.BinNs, bins, recipe.OnePerTrial);
            foreach (var pooled in bins == 1 ? [true] : new[] { true, false })
            {
                var unknowns = pooled ? width : bins * width;
                if (fitted.Places.Count < 2 || Math.Min(unknowns, fitted.Places.Count) > MostUnknowns) continue;
                var head = Fit(outputs, fitted, judged, pooled, recipe);
                if (best is null || head.ValidationR2 > best.ValidationR2) best = head;
            }
        }

        if (best is null) note?.Invoke($"No behaviour head could be fitted to session '{session.Name}': no trial has as many bins as behaviour.bins asks for, or there are too many samples.");
        for (var output = 0; best is not null && recording.Valid.Count > 0 && recipe.Penalties.Count > 1 && output < outputs.Count; output++)
        {
            var penalty = best.Penalties[output];
            if (penalty != recipe.Penalties.Min() && penalty != recipe.Penalties.Max()) continue;
            note?.Invoke(FormattableString.Invariant($"Session '{session.Name}': of the ridge penalties for {outputs[output].Name}, the {(penalty == recipe.Penalties.Min() ? "smallest" : "largest")} ({penalty}) was chosen. One beyond it may be better: widen behaviour.penalties."));
        }

        return best;
    }

    /// <summary>The channels that a head decodes: those named, or those of the linear decoders' default that vary.</summary>
    /// <exception cref="TrainingException">The session has no such channel.</exception>
    public static IReadOnlyList<OutputChannel> Outputs(MtmRecording recording, MtmHeadRecipe recipe)
    {
        var session = recording.Session;
        if (recipe.Outputs is { } named)
        {
            foreach (var name in named)
            {
                if (session.BehaviourColumn(name) < 0)
                {
                    throw new TrainingException($"Session '{session.Name}' has no behaviour channel '{name}'{Engine.Text.NearestName.Hint(name, session.Behaviour.Select(channel => channel.Name))}. " +
                        "Correct the recipe's behaviour.outputs.");
                }
            }

            return [.. named.Select(name => session.Behaviour[session.BehaviourColumn(name)])];
        }

        return [.. TrainingSet.DefaultOutputs(session).Select(session.BehaviourColumn).Where(Varies).Select(column => session.Behaviour[column])];

        bool Varies(int column)
        {
            var seen = float.NaN;
            for (var row = 0; row < session.BehaviourSamples.Length; row++)
            {
                var value = session.BehaviourValues[row * session.Behaviour.Count + column];
                if (!float.IsFinite(value)) continue;
                if (!float.IsNaN(seen) && value != seen) return true;
                seen = value;
            }

            return false;
        }
    }

    private static MtmBehaviourHead Fit(IReadOnlyList<OutputChannel> outputs, MtmBehaviourSamples train, MtmBehaviourSamples valid, bool pooled, MtmHeadRecipe recipe)
    {
        var width = pooled ? train.Width : train.Bins * train.Width;
        var full = train.Bins * train.Width;
        var (weight, bias) = (new float[outputs.Count * full], new float[outputs.Count]);
        var (penalties, means, scores) = (new double[outputs.Count], new double[outputs.Count], new List<double>());
        var validFeatures = Enumerable.Range(0, valid.Places.Count).Select(place => valid.Features(place, pooled)).ToArray();
        for (var output = 0; output < outputs.Count; output++)
        {
            int[] known = [.. Enumerable.Range(0, train.Places.Count).Where(place => double.IsFinite(train.Targets[place][output]))];
            if (known.Length < 2) continue;
            var y = known.Select(place => train.Targets[place][output]).ToArray();
            means[output] = y.Average();
            var x = known.Select(place => train.Features(place, pooled)).ToArray();
            var (centre, scale) = Standardise(x, width);
            var isDual = x.Length < width;
            var z = Matrix<double>.Build.DenseOfRowArrays(x);
            var right = Matrix<double>.Build.Dense(y.Length, 1, (row, _) => y[row] - means[output]);
            var gram = isDual ? z.TransposeAndMultiply(z) : z.TransposeThisAndMultiply(z);
            var cross = isDual ? right : z.TransposeThisAndMultiply(right);
            double bestR2 = double.NegativeInfinity, bestPenalty = double.NaN;
            var best = new double[width];
            foreach (var penalty in recipe.Penalties)
            {
                var solved = RidgeSolver.Solve(gram, cross, penalty);
                var w = (isDual ? z.TransposeThisAndMultiply(solved) : solved).Column(0).ToArray();
                for (var i = 0; i < width; i++) w[i] /= scale[i];
                var r2 = Judge(w, means[output] - Dot(w, centre), output);

                // Nothing to judge by: the first penalty stands.
                if (!(r2 > bestR2) && !double.IsNaN(bestPenalty)) continue;
                (bestR2, bestPenalty, best) = (r2, penalty, w);
            }

            penalties[output] = bestPenalty;
            if (double.IsFinite(bestR2)) scores.Add(bestR2);
            bias[output] = (float)(means[output] - Dot(best, centre));
            for (var i = 0; i < full; i++) weight[output * full + i] = (float)(pooled ? best[i % width] / train.Bins : best[i]);
        }

        return new MtmBehaviourHead
        {
            Outputs = outputs,
            Bins = train.Bins,
            Weight = weight,
            Bias = bias,
            Penalties = penalties,
            ValidationR2 = scores.Count == 0 ? double.NaN : scores.Average(),
            Means = means,
            OnePerTrial = recipe.OnePerTrial,
        };

        double Judge(double[] w, double offset, int output)
        {
            int[] known = [.. Enumerable.Range(0, valid.Places.Count).Where(place => double.IsFinite(valid.Targets[place][output]))];
            return known.Length == 0 ? double.NegativeInfinity : MtmMetrics.RSquared(
                known.Select(place => Dot(w, validFeatures[place]) + offset).ToArray(), known.Select(place => valid.Targets[place][output]).ToArray());
        }
    }

    private static double Dot(double[] a, double[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<double>(a, b);

    /// <summary>In place; gives means and standard deviations, 1 where a feature does not vary.</summary>
    private static (double[] Centre, double[] Scale) Standardise(double[][] x, int width)
    {
        var (centre, scale) = (new double[width], new double[width]);
        foreach (var row in x)
            for (var i = 0; i < width; i++) centre[i] += row[i] / x.Length;
        foreach (var row in x)
            for (var i = 0; i < width; i++) scale[i] += (row[i] - centre[i]) * (row[i] - centre[i]) / x.Length;
        for (var i = 0; i < width; i++) scale[i] = scale[i] > 1e-12 ? Math.Sqrt(scale[i]) : 1;
        foreach (var row in x)
            for (var i = 0; i < width; i++) row[i] = (row[i] - centre[i]) / scale[i];
        return (centre, scale);
    }
}
