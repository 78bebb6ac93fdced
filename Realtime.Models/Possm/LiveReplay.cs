using Realtime.Models.Kernels;

namespace Realtime.Models.Possm;

/// <summary>
/// Plays a sample's raw spikes into the live form, chunk by chunk, and compares where a reference query sits. Spikes keep the float32 times of
/// the tokeniser: rounded to a stream's whole nanoseconds first, they would move predictions by more than arithmetic does.
/// </summary>
internal static class LiveReplay
{
    // Every distance of a query from its chunk's end needs a stream of its own.
    private const int MostLags = 64;

    /// <summary>Largest absolute difference from the references; null when no query of the task sits where the live form can ask.</summary>
    /// <param name="run">Model, mask.</param>
    /// <param name="sample">Raw spikes.</param>
    /// <param name="task">The task.</param>
    /// <param name="taskId">Its id.</param>
    /// <param name="batch">Where the queries are.</param>
    /// <param name="index">The sample's row of the batch.</param>
    /// <param name="reference">[samples, queries, outputs].</param>
    /// <param name="kernels">Arithmetic.</param>
    public static double? LargestDifference(
        VerifyRun run, PossmSample sample, string task, int taskId, PossmBatch batch, int index, double[] reference, KernelSet kernels)
    {
        var width = run.Weights.Config.BinWidth;
        var tokens = PossmTokenizer.Tokenize(run.Weights.Config, sample);
        var queries = Enumerable.Range(index * batch.Queries, batch.Queries)
            .Where(query => batch.QueryMask[query] && batch.TaskIds[query] == taskId && batch.QueryChunks[query] <= tokens.Chunks)
            .Select(query => (Query: query, Chunk: batch.QueryChunks[query] - 1, Lag: Math.Max(0, Math.Round(batch.QueryChunks[query] * width - batch.QueryTimes[query], 9))))
            .Where(query => query.Lag < width - 1e-9);
        double? largest = null;
        foreach (var group in queries.GroupBy(query => query.Lag).Take(MostLags))
        {
            var answers = Answers(run, tokens, sample.SessionRow, task, taskId, group.Key, kernels);
            foreach (var (query, chunk, _) in group)
            {
                for (var output = 0; output < answers[chunk].Length; output++)
                {
                    var difference = Math.Abs(answers[chunk][output] - reference[query * answers[chunk].Length + output]);
                    if (double.IsNaN(difference)) return double.NaN;
                    largest = Math.Max(largest ?? 0, difference);
                }
            }
        }

        return largest;
    }

    private static float[][] Answers(VerifyRun run, PossmBatch batch, int session, string task, int taskId, double lag, KernelSet kernels)
    {
        var stream = new PossmStream(run.Weights, Nanoseconds(run.Weights.Config.BinWidth), new PossmStreamOptions
        {
            UnitRows = [.. Enumerable.Range(0, run.Weights.UnitCount)],
            SessionRow = session,
            Task = task,
            TaskId = taskId,
            QueryLag = lag,
            VisibleTokens = run.Mask == PossmMask.AsRun ? batch.Tokens : 0,
            MaxSpikes = batch.Tokens,
        }, kernels);
        var answers = new float[batch.Chunks][];
        for (var chunk = 0; chunk < batch.Chunks; chunk++)
        {
            // Row 0 is a blank, which the stream adds itself.
            var spikes = Enumerable.Range(chunk * batch.Tokens, batch.Tokens).Where(token => batch.UnitRows[token] != 0).ToArray();
            answers[chunk] = new float[run.Weights.Readouts[task].Outputs];
            stream.Step(Array.ConvertAll(spikes, token => batch.UnitRows[token]), Array.ConvertAll(spikes, token => batch.TokenTimes[token]), answers[chunk]);
        }

        return answers;
    }

    private static long Nanoseconds(double seconds) => (long)Math.Round(seconds * 1e9);
}
