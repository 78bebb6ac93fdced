using System.Numerics.Tensors;

namespace Realtime.Models.Mtm.Training;

/// <summary>Principal components of some neurons' roots, of variance 1 in training. Immutable.</summary>
internal sealed class GlmComponents
{
    private readonly GlmRoots _roots;

    // By component, [neurons], and by trial, [rows, components].
    private readonly double[][] _weights;
    private readonly double[][] _scores;

    /// <param name="roots">The roots.</param>
    /// <param name="fitted">Trials that they are taken from.</param>
    /// <param name="sources">Neurons that take part.</param>
    /// <param name="components">At most.</param>
    public GlmComponents(GlmRoots roots, int fitted, int[] sources, int components)
    {
        _roots = roots;
        var rows = roots.Rows.Take(fitted).Sum(trial => trial.Length / roots.Neurons);
        var data = new double[rows * sources.Length];
        var at = 0;
        foreach (var trial in roots.Rows.Take(fitted))
            for (var row = 0; row < trial.Length; row += roots.Neurons)
                foreach (var neuron in sources) data[at++] = trial[row + neuron] / roots.Sd[neuron];
        var found = PrincipalDirections.Find(data, rows, sources.Length, Math.Min(components, Math.Min(rows, sources.Length)), seed: 1);
        _weights = [.. found.Select(direction =>
        {
            double square = 0;
            for (var row = 0; row < rows; row++)
            {
                var score = TensorPrimitives.Dot(data.AsSpan(row * sources.Length, sources.Length), direction);
                square += score * score / rows;
            }

            var weight = new double[roots.Neurons];
            for (var i = 0; i < sources.Length; i++) weight[sources[i]] = direction[i] / (roots.Sd[sources[i]] * Math.Sqrt(square));
            return weight;
        })];
        _scores = [.. roots.Rows.Select(trial =>
        {
            var scores = new double[trial.Length / roots.Neurons * _weights.Length];
            for (var i = 0; i < scores.Length; i++)
                scores[i] = TensorPrimitives.Dot(trial.AsSpan(i / _weights.Length * roots.Neurons, roots.Neurons), _weights[i % _weights.Length]);
            return scores;
        })];
    }

    /// <summary>One row per bin of all trials: 1 and the scores.</summary>
    /// <param name="components">Sets of components, one after the other.</param>
    /// <param name="trials">All trials.</param>
    /// <param name="neuron">The neuron to be predicted.</param>
    /// <param name="isOwn">Whether it is among the sources: its part is then taken out of the scores.</param>
    public static GlmDesign Design(GlmComponents[] components, IReadOnlyList<MtmRecordedTrial> trials, int neuron, bool isOwn)
    {
        var width = 1 + components.Sum(set => set._weights.Length);
        var design = new GlmDesign(width, trials);
        var row = 0;
        for (var trial = 0; trial < trials.Count; trial++)
        {
            for (var bin = 0; bin < trials[trial].Bins; bin++, row++)
            {
                var target = design.Rows.AsSpan(row * design.Width, width);
                target[0] = 1;
                var column = 1;
                foreach (var set in components)
                {
                    var from = set._roots.IsWhole ? 0 : bin;
                    var own = isOwn ? set._roots.Rows[trial][from * set._roots.Neurons + neuron] : 0;
                    for (var k = 0; k < set._weights.Length; k++)
                        target[column++] = set._scores[trial][from * set._weights.Length + k] - own * set._weights[k][neuron];
                }
            }
        }

        return design;
    }
}
