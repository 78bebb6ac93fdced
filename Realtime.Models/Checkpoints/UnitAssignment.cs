using Realtime.Engine.Sessions;

namespace Realtime.Models.Checkpoints;

/// <summary>Which unit of the rig a word of the unit vocabulary is.</summary>
/// <param name="Word">Of the vocabulary.</param>
/// <param name="Unit">As the rig names it.</param>
public readonly record struct UnitAssignment(string Word, UnitId Unit)
{
    /// <summary>
    /// The unit that a word stands for where nobody says: what stands before the last '/' is the stream, what follows is the electrode, and
    /// the sorted id is 1. A word without '/' takes the session's word as its stream.
    /// </summary>
    public static UnitAssignment FromWord(string word, string session)
    {
        var slash = word.LastIndexOf('/');
        return new(word, slash < 0 ? new UnitId(session, word, 1) : new UnitId(word[..slash], word[(slash + 1)..], 1));
    }
}
