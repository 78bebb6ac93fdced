using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Transformers;

/// <summary>What a batch of windows weighs.</summary>
internal static class KnownQueries
{
    /// <summary>The sum of the weights of the queries that have a known target.</summary>
    public static double Weight(IReadOnlyList<TrainingWindow> windows) => windows.Sum(Weight);

    private static double Weight(TrainingWindow window)
    {
        var outputs = window.Targets.Length / Math.Max(1, window.QueryTimes.Length);
        double sum = 0;
        for (var query = 0; query < window.QueryTimes.Length; query++)
        {
            foreach (var target in window.Targets.AsSpan(query * outputs, outputs))
            {
                if (float.IsNaN(target)) continue;
                sum += window.QueryWeights[query];
                break;
            }
        }

        return sum;
    }
}
